# Builds the gateway and the benchmarks; to be sourced. Sets `java`, and `class_path` of both.
java=${JAVA_HOME:+$JAVA_HOME/bin/}java

"$home/ray-gateway" --version >/dev/null

classes=$home/target/bench-classes
rm -rf "$classes"
mkdir -p "$classes"
"${java}c" --release 17 -Xlint:all,-processing,-serial,-classfile,-path,-options -Werror -parameters -proc:none \
  -cp "$home/target/classes:$home/target/lib/*" -d "$classes" \
  "$home"/bench/java/org/raygateway/bench/*.java "$home"/bench/java/org/raygateway/bench/cluster/*.java
class_path="$classes:$home/target/classes:$home/target/lib/*"
