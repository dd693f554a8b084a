package io.places.mapreduce;

import io.places.PlacesException;
import io.places.mapreduce.proto.FormatSpec;
import io.places.mapreduce.proto.JobSpec;
import io.places.place.UserClasses;
import java.util.List;
import java.util.Map;

/** The classes of a job under test, with formats that stay in memory. */
final class TrialClasses implements JobClasses {
  private static final String INPUT = "the records of the test";
  private static final String OUTPUT = "the output of the test";

  private final ClassLoader loader;
  private final List<RecordEntry> records;
  private final Map<String, List<RecordEntry>> written;

  TrialClasses(
      ClassLoader loader,
      List<RecordEntry> records,
      Map<String, List<RecordEntry>> written) {
    this.loader = loader;
    this.records = records;
    this.written = written;
  }

  /** The job with formats that only these classes know. */
  static JobSpec inMemory(JobSpec spec) {
    JobSpec.Builder changed =
        spec.toBuilder().setInput(FormatSpec.newBuilder().setClassName(INPUT)).setOutput(output(""));
    for (String name : spec.getNamedOutputsMap().keySet()) {
      changed.putNamedOutputs(name, output(name));
    }
    return changed.build();
  }

  private static FormatSpec output(String name) {
    return FormatSpec.newBuilder()
        .setClassName(OUTPUT)
        .putParameters(MemoryOutput.NAME, name)
        .build();
  }

  @Override
  public <T> T create(String className, Class<T> kind) {
    return switch (className) {
      case INPUT -> kind.cast(new MemoryInput(records));
      case OUTPUT -> kind.cast(new MemoryOutput(written));
      default -> make(className, kind);
    };
  }

  private <T> T make(String className, Class<T> kind) {
    try {
      return UserClasses.create(Class.forName(className, true, loader).asSubclass(kind));
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new PlacesException("%s is no %s here: %s".formatted(className, kind.getName(), e), e);
    }
  }
}
