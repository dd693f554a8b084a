package io.places.mapreduce;

/** Reports each pair that is read. */
final class Metered implements EntryCursor {
  private final EntryCursor entries;
  private final Progress progress;

  Metered(EntryCursor entries, Progress progress) {
    this.entries = entries;
    this.progress = progress;
  }

  @Override
  public boolean next() {
    boolean found = entries.next();
    if (found) {
      progress.add(entries.key().length() + (long) entries.value().length(), 1);
    }
    return found;
  }

  @Override
  public Slice key() {
    return entries.key();
  }

  @Override
  public Slice value() {
    return entries.value();
  }
}
