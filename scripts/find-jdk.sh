# Finds a JDK 25. Source this file, then call find_jdk.
#
# Reads the file 'release' that a JDK carries instead of starting the JDK: that takes no time, and
# the command 'places' does it at every start. Kept to what bash 3.2 understands, for macOS.

# Is folder $1 a JDK 25? Sets jdk_version to its full version when it is.
is_jdk_25() {
  [[ -x $1/bin/javac ]] || return 1
  jdk_version=
  local line
  if [[ -r $1/release ]]; then
    while IFS= read -r line || [[ -n $line ]]; do
      case $line in
        JAVA_RUNTIME_VERSION=*) jdk_version=${line#*=} ;;
        JAVA_VERSION=*) jdk_version=${jdk_version:-${line#*=}} ;;
      esac
    done <"$1/release"
  else
    jdk_version=$("$1/bin/javac" -version 2>/dev/null) || return 1
    jdk_version=${jdk_version#javac }
  fi
  jdk_version=${jdk_version//\"/}
  [[ $jdk_version =~ ^25([.+-]|$) ]]
}

# Prints where the symbolic links that start at $1 lead.
follow_links() {
  local path=$1 link
  while [[ -L $path ]]; do
    link=$(readlink "$path")
    [[ $link == /* ]] || link=${path%/*}/$link
    path=$link
  done
  printf '%s\n' "$path"
}

# Sets jdk_home and jdk_version to the first JDK 25 of: JAVA_HOME, 'java' on the PATH, the usual
# install folders. Returns 1 when there is none.
find_jdk() {
  local home java
  if [[ -n ${JAVA_HOME:-} ]] && is_jdk_25 "$JAVA_HOME"; then
    jdk_home=$JAVA_HOME
    return 0
  fi
  if java=$(type -P java); then
    java=$(follow_links "$java")
    home=${java%/bin/java}
    if is_jdk_25 "$home"; then
      jdk_home=$home
      return 0
    fi
  fi
  # A pattern without a match stays as it is and is no JDK; so does an unset HOME.
  for home in /usr/lib/jvm/* /usr/java/* /opt/* /opt/java/* \
    "${HOME:-/nowhere}"/.sdkman/candidates/java/* "${HOME:-/nowhere}"/.jdks/* \
    /opt/homebrew/opt/openjdk@25/libexec/openjdk.jdk/Contents/Home \
    /Library/Java/JavaVirtualMachines/*/Contents/Home \
    "${HOME:-/nowhere}"/Library/Java/JavaVirtualMachines/*/Contents/Home; do
    if is_jdk_25 "$home"; then
      jdk_home=$home
      return 0
    fi
  done
  return 1
}
