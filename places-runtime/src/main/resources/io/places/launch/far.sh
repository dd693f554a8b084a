# What a launcher runs on the far machine, by any POSIX shell.
#
# Reads lines on its standard input: first what to do, then what that needs. Nothing of them is ever
# evaluated. Answers with lines that begin with 'places-node '. It must not read further than it
# needs: what follows is for the node.

umask 077

say() {
  printf 'places-node %s\n' "$1"
}

fail() {
  say "failed $1"
  exit 1
}

# Sets line to the next one.
next() {
  IFS= read -r line || exit 1
}

# The cache folder is the current one from here on.
enter_cache() {
  cache=${XDG_CACHE_HOME:-}
  case $cache in
    /*) ;;
    *) cache=${HOME:-}/.cache ;;
  esac
  cache=$cache/places
  case $cache in
    *:*) fail "the cache folder cannot lie in a folder with ':' in its name: $cache" ;;
  esac
  mkdir -p "$cache" && cd "$cache" || fail "cannot make the cache folder $cache"
}

# Prints 'hash  name' for each file that there is.
hashes() {
  if command -v sha256sum >/dev/null; then
    sha256sum "$@" 2>/dev/null
  elif command -v shasum >/dev/null; then
    shasum -a 256 "$@" 2>/dev/null
  else
    return 1
  fi
}

# Is folder $1 a JDK of the wanted version?
is_jdk() {
  [ -x "$1/bin/java" ] && [ -r "$1/release" ] \
    && grep -q "^JAVA_VERSION=\"$wanted[.+\"-]" "$1/release"
}

# Sets home to a JDK: the given one, or the first of JAVA_HOME, java on the PATH, the usual folders.
find_jdk() {
  if [ -n "$given" ]; then
    home=$given
    is_jdk "$home" || fail "no-jdk there is none in $home"
    return
  fi
  home=${JAVA_HOME:-}
  looked="JAVA_HOME is '$home'"
  if [ -n "$home" ] && is_jdk "$home"; then
    return
  fi
  home=$(command -v java) && home=$(readlink -f "$home") && home=${home%/bin/java}
  looked="$looked, java on the PATH is of '$home'"
  if [ -n "$home" ] && is_jdk "$home"; then
    return
  fi
  # A pattern without a match stays as it is and is no JDK.
  for home in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* \
    "${HOME:-/nowhere}"/.sdkman/candidates/java/* "${HOME:-/nowhere}"/.jdks/* \
    "/opt/homebrew/opt/openjdk@$wanted/libexec/openjdk.jdk/Contents/Home" \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nowhere}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk "$home"; then
      return
    fi
  done
  fail "no-jdk $looked, and none is in /usr/lib/jvm, /usr/java, /opt, ~/.sdkman or ~/.jdks"
}

# Becomes a node. Lines: Java's version, its folder or nothing; the names of the jars in the order of
# the class path, an empty line; then, when all are there, what stands on Java's command line after
# the class path, an empty line.
run_node() {
  next
  wanted=$line
  next
  given=$line
  find_jdk
  say "jdk $home"
  enter_cache
  set --
  while next && [ -n "$line" ]; do
    case $line in
      *[!0-9a-f.jr]*) fail "'$line' is no name of a cached jar" ;;
    esac
    set -- "$@" "$line"
  done
  hashes /dev/null >/dev/null || fail 'there is neither sha256sum nor shasum'
  hashes "$@" | while IFS= read -r line; do
    say "has $line"
  done
  say 'listed'

  next # all are there now
  touch -c "$@"
  find . -name '*.jar' -mtime +30 -exec rm -f {} +
  find . -name '*.part' -mtime +1 -exec rm -f {} +
  path=
  for jar in "$@"; do
    path=$path:$cache/$jar
  done
  set --
  while next && [ -n "$line" ]; do
    set -- "$@" "$line"
  done
  cd "${HOME:-/}" || cd /
  # In such a locale the JVM could not open files whose names are not ASCII.
  case ${LC_ALL:-${LC_CTYPE:-${LANG:-}}} in
    '' | C | POSIX) export LC_ALL=C.UTF-8 ;;
  esac
  say "process $$"
  exec "$home/bin/java" -cp "${path#:}" "$@"
}

# Takes one jar into the cache, whole or not at all. Lines: its hash; then its bytes to the end.
receive_jar() {
  next
  case $line in
    *[!0-9a-f]*) fail "'$line' is no hash" ;;
  esac
  enter_cache
  part=$line.$$.part
  trap 'rm -f "$part"' EXIT
  cat >"$part" || fail "cannot write $cache/$part"
  sum=$(hashes "$part")
  [ "${sum%% *}" = "$line" ] || fail "what arrived of $line.jar has the hash ${sum%% *}"
  mv -f "$part" "$line.jar" || fail "cannot rename $cache/$part"
}

next
case $line in
  node) run_node ;;
  receive) receive_jar ;;
  kill)
    next
    case $line in
      '' | *[!0-9]*) fail "'$line' is no process id" ;;
    esac
    kill -9 "$line"
    ;;
  *) fail "asked for '$line'" ;;
esac
