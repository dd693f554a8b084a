# Builds the tests and benchmarks of a module, for a script that runs a program among them. Source this file
# and find-jdk.sh, then call build_tests.

# build_tests [-PPROFILE] MODULE [NEEDED_MODULE...]
#
# Sets jdk_home and jdk_version; folder, a temporary one, deleted at the end, with copies of what was built, so
# that a build meanwhile does no harm: tests, and a folder for each module; libraries, their class path; and class_path,
# that of all. Exits if there is no JDK 25.
build_tests() {
  find_jdk || { echo 'no JDK 25 found' >&2; exit 1; }
  local options=(-q -B) module
  if [[ $1 == -P* ]]; then
    options+=("$1")
    shift
  fi
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
  ./mvnw "${options[@]}" -pl "$1" -am test-compile
  ./mvnw "${options[@]}" -pl places-runtime dependency:build-classpath \
    -Dmdep.includeScope=test -Dmdep.outputFile="$folder/libraries"
  libraries=$(<"$folder/libraries")
  cp -r "$1/target/test-classes" "$folder/tests"
  class_path=$folder/tests
  for module in "$@"; do
    if [[ -d $module/target/classes ]]; then
      cp -r "$module/target/classes" "$folder/$module"
      class_path+=:$folder/$module
    fi
  done
  class_path+=:$libraries
}
