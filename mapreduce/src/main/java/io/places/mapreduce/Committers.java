package io.places.mapreduce;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/*
 * The main output comes first. It is begun before the others, which may be within its folder, so what is begun last
 * is removed first. It is committed last: where it is there as a whole, so are the others.
 */
/** All outputs of a job as one: all of them become visible, or none is left. */
final class Committers implements OutputCommitter {
  private final List<OutputCommitter> all;
  private final List<OutputCommitter> begun = new ArrayList<>();

  /**
   * All outputs of one run of a job.
   *
   * @param all the main one's first
   */
  Committers(List<OutputCommitter> all) {
    this.all = List.copyOf(all);
  }

  @Override
  public void begin() throws IOException {
    for (OutputCommitter committer : all) {
      try {
        committer.begin();
      } catch (IOException | RuntimeException e) {
        abortAfter(e);
        throw e;
      }
      begun.add(committer);
    }
  }

  @Override
  public void commit(Collection<OutputPart> parts) throws IOException {
    for (OutputCommitter committer : all.reversed()) {
      committer.commit(parts);
    }
  }

  @Override
  public void abort() throws IOException {
    IOException failure = new IOException("not all output could be removed");
    abortAfter(failure);
    if (failure.getSuppressed().length > 0) {
      throw failure;
    }
  }

  private void abortAfter(Exception failure) {
    for (OutputCommitter committer : begun.reversed()) {
      try {
        committer.abort();
      } catch (IOException | RuntimeException e) {
        failure.addSuppressed(e);
      }
    }
  }
}
