package io.places.mapreduce;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.mapreduce.text.TextOutput;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several outputs of a job, whose controlling process may die between one and the next. */
class CommittersTest {
  private static final List<OutputPart> PARTS = List.of(new OutputPart(0, 0));

  @TempDir private Path folder;
  private TextOutput main;
  private TextOutput named;
  private Path mainFolder;
  private Path namedFolder;

  @BeforeEach
  void makeOutputs() {
    mainFolder = folder.resolve("out");
    namedFolder = mainFolder.resolve("errors");
    main = TextOutput.to(mainFolder);
    named = TextOutput.to(namedFolder);
  }

  private static void write(TextOutput to) throws IOException {
    try (RecordWriter<Object, Object> writer = to.open(PARTS.getFirst())) {
      writer.write("key", "value");
    }
  }

  /** As if the process had ended there. */
  private static final class DiesAtCommit implements OutputCommitter {
    @Override
    public void begin() {}

    @Override
    public void commit(Collection<OutputPart> parts) throws IOException {
      throw new IOException("the end");
    }

    @Override
    public void abort() {}
  }

  @Test
  void aMainOutputWithoutItsTemporaryFolderTellsThatAllOutputsAreWhole() throws IOException {
    OutputCommitter all =
        new Committers(List.of(main.committer(), named.committer(), new DiesAtCommit()));
    all.begin();
    write(main);
    write(named);

    assertThatThrownBy(() -> all.commit(PARTS)).hasMessage("the end");
    assertThat(mainFolder.resolve("_temporary")).exists();
    assertThat(mainFolder.resolve("part-r-00000")).doesNotExist();
  }

  @Test
  void anOutputWithinTheMainOneIsCommittedWithIt() throws IOException {
    OutputCommitter all = new Committers(List.of(main.committer(), named.committer()));
    all.begin();
    write(main);
    write(named);
    all.commit(PARTS);

    assertThat(Parts.names(mainFolder)).containsExactly("errors", "part-r-00000");
    assertThat(Parts.names(namedFolder)).containsExactly("part-r-00000");
  }

  @Test
  void anOutputWithinTheMainOneIsRemovedWithItAndTheNextRunCanBegin() throws IOException {
    OutputCommitter all = new Committers(List.of(main.committer(), named.committer()));
    all.begin();
    write(named);
    all.abort();

    assertThat(folder).isEmptyDirectory();
    OutputCommitter refused =
        new Committers(List.of(main.committer(), named.committer(), named.committer()));
    assertThatThrownBy(refused::begin).isInstanceOf(OutputException.class);
    assertThat(folder).isEmptyDirectory();
    Files.createDirectory(folder.resolve("untouched"));
    new Committers(List.of(main.committer(), named.committer())).begin();
  }
}
