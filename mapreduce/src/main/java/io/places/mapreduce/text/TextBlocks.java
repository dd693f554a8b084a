package io.places.mapreduce.text;

import io.places.mapreduce.RecordReader;
import io.places.mapreduce.proto.Split;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Reads text in blocks of about 256 KiB, for mappers that look at bytes themselves: a record is a
 * block, its key says where it was read.
 *
 * <p>A path may be a file, a folder (all files in it and in its folders), or a zip file, named .zip
 * or .jar, whose entries are read as text; a file named .gz is unpacked, by one task. Paths may be of any file system
 * that every worker can open by its URI. Large files are cut into splits; small files and zip
 * entries are grouped. A block never spans two files. Symbolic links are followed, but for those
 * that lead back to a folder around them.
 *
 * <p>Blocks are cut behind line feeds. Where a line is longer than a block, they are cut behind a
 * character that is neither letter nor digit, of any script, or behind a byte that cannot be part of
 * UTF-8. So a line may span blocks, but a word never does, nor does a character, even in a file that
 * is one long line. 16 MiB without any such place are refused. Bytes are handed on as they are,
 * malformed ones and a byte order mark, too.
 *
 * <p>What is wrong with the input (missing, unreadable, no files in a folder, a damaged zip file, a
 * file that has shrunk since the job began) is an {@link io.places.mapreduce.InputException} that
 * names file and entry. The checksums of zip entries are checked.
 */
public final class TextBlocks extends TextInput<Origin, TextBlock> {
  private final int blockBytes;

  /** For workers, which configure it. Programs use {@link #of}. */
  public TextBlocks() {
    this(BlockReader.BLOCK_BYTES);
  }

  TextBlocks(int blockBytes) {
    super(Border.WORD);
    this.blockBytes = blockBytes;
  }

  /** The text behind these paths. */
  public static TextBlocks of(Path... paths) {
    return of(List.of(paths));
  }

  /** The text behind these paths, of which there must be one or more. */
  public static TextBlocks of(List<Path> paths) {
    TextBlocks blocks = new TextBlocks();
    blocks.read(paths);
    return blocks;
  }

  @Override
  public RecordReader<Origin, TextBlock> open(Split split) throws IOException {
    BlockReader blocks = new BlockReader(split, Border.WORD, blockBytes);
    return new RecordReader<>() {
      @Override
      public boolean next() throws IOException {
        return blocks.next();
      }

      @Override
      public Origin key() {
        return blocks.origin();
      }

      @Override
      public TextBlock value() {
        return new TextBlock(blocks.bytes(), 0, blocks.length());
      }

      @Override
      public String position() {
        return key().toString();
      }

      @Override
      public long bytesRead() {
        return blocks.bytesRead();
      }

      @Override
      public void close() throws IOException {
        blocks.close();
      }
    };
  }
}
