package io.places.rpc;

import com.google.protobuf.DescriptorProtos.FileDescriptorProto;
import com.google.protobuf.DescriptorProtos.FileDescriptorSet;
import com.google.protobuf.Descriptors.Descriptor;
import com.google.protobuf.Descriptors.DescriptorValidationException;
import com.google.protobuf.Descriptors.FileDescriptor;
import com.google.protobuf.Message;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;

/** The protoc with which the build compiles .proto files; as in the tests of the runtime. */
public final class Protoc {
  private static final List<String> WELL_KNOWN =
      List.of(
          "google/protobuf/timestamp.proto",
          "google/protobuf/duration.proto",
          "google/protobuf/struct.proto",
          "google/protobuf/descriptor.proto");

  private final Path folder;
  private final Path protoc;

  /**
   * @param folder for its files
   */
  public Protoc(Path folder) {
    this.folder = folder;
    try {
      this.protoc = executable(folder);
      for (String file : WELL_KNOWN) {
        Path target = folder.resolve(file);
        Files.createDirectories(Objects.requireNonNull(target.getParent()));
        try (InputStream source = Message.class.getResourceAsStream("/" + file)) {
          Files.copy(Objects.requireNonNull(source, file), target);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Repositories hold it without the right to be executed. */
  private static Path executable(Path folder) throws IOException {
    String repository = System.getProperty("protoc.folder");
    if (repository == null) {
      throw new IllegalStateException("run this test with Maven, which hands over protoc");
    }
    try (Stream<Path> files = Files.list(Path.of(repository))) {
      Path stored =
          files.filter(file -> file.toString().endsWith(".exe")).findFirst().orElseThrow();
      Path copy = Files.copy(stored, folder.resolve("protoc.exe"));
      if (!copy.toFile().setExecutable(true)) {
        throw new IOException("cannot make executable: " + copy);
      }
      return copy;
    }
  }

  /** Compiles one file; answers its first message, or that of the file which it only hands on. */
  public Descriptor compile(String proto) throws IOException, InterruptedException {
    FileDescriptor printed = file(proto);
    FileDescriptor defining =
        printed.getMessageTypes().isEmpty() ? printed.getPublicDependencies().getFirst() : printed;
    return defining.getMessageTypes().getFirst();
  }

  /** Compiles one file; answers one of its messages. */
  public Descriptor compile(String proto, String message) throws IOException, InterruptedException {
    return Objects.requireNonNull(file(proto).findMessageTypeByName(message), message);
  }

  private FileDescriptor file(String proto) throws IOException, InterruptedException {
    Path source = Files.createTempFile(folder, "printed", ".proto");
    Files.writeString(source, proto);
    Path set = folder.resolve("set.bin");
    Process process =
        new ProcessBuilder(
                protoc.toString(),
                "-I" + folder,
                "--include_imports",
                "--fatal_warnings",
                "--descriptor_set_out=" + set,
                source.toString())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new AssertionError("protoc refuses\n" + proto + "\n" + output);
    }
    return link(FileDescriptorSet.parseFrom(Files.readAllBytes(set)));
  }

  private static FileDescriptor link(FileDescriptorSet set) {
    Map<String, FileDescriptor> linked = new HashMap<>();
    FileDescriptor last = null;
    try {
      for (FileDescriptorProto file : set.getFileList()) { // a file comes after those it imports
        FileDescriptor[] imports =
            file.getDependencyList().stream().map(linked::get).toArray(FileDescriptor[]::new);
        last = FileDescriptor.buildFrom(file, imports);
        linked.put(file.getName(), last);
      }
    } catch (DescriptorValidationException e) {
      throw new AssertionError(e);
    }
    return Objects.requireNonNull(last);
  }
}
