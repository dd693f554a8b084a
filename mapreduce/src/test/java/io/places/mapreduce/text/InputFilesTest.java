package io.places.mapreduce.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.places.mapreduce.InputException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InputFilesTest {
  @TempDir Path folder;

  @Test
  void foldersAreWalkedAndSorted() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));
    Files.writeString(folder.resolve("a/b/3"), "x");
    Files.writeString(folder.resolve("a/2"), "xx");
    Files.writeString(folder.resolve("1"), "");

    assertThat(InputFiles.of(List.of(folder)))
        .containsExactly(
            new InputFile(folder.resolve("1"), "", 0),
            new InputFile(folder.resolve("a/2"), "", 2),
            new InputFile(folder.resolve("a/b/3"), "", 1));
  }

  @Test
  void pathsStayInTheOrderInWhichTheyWereGiven() throws IOException {
    Path b = Files.writeString(folder.resolve("b"), "x");
    Path a = Files.writeString(folder.resolve("a"), "x");

    assertThat(InputFiles.of(List.of(b, a))).extracting(InputFile::file).containsExactly(b, a);
  }

  @Test
  void aMissingPathIsNamed() {
    assertThatThrownBy(() -> InputFiles.of(List.of(folder.resolve("nowhere"))))
        .isInstanceOf(InputException.class)
        .hasMessage("no such file or folder: " + folder.resolve("nowhere"));
  }

  @Test
  void aFolderWithoutFilesIsNamed() throws IOException {
    Files.createDirectories(folder.resolve("a/b"));

    assertThatThrownBy(() -> InputFiles.of(List.of(folder)))
        .isInstanceOf(InputException.class)
        .hasMessage("nothing to read: " + folder + " has no files in it");
  }

  @Test
  void linksAreFollowedAndLoopsPassedOver() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "x");
    Path inner = Files.createDirectory(folder.resolve("inner"));
    Files.createSymbolicLink(inner.resolve("link"), file);
    Files.createSymbolicLink(inner.resolve("loop"), folder);

    assertThat(InputFiles.of(List.of(folder)))
        .extracting(InputFile::file)
        .containsExactly(file, inner.resolve("link"));
  }

  @Test
  void theOutputOfAJobThatDidNotEndIsNoInput() throws IOException {
    Path temporary = Files.createDirectories(folder.resolve("out/_temporary/r-00000-0"));
    Files.writeString(temporary.resolve("part-r-00000"), "half a line");

    assertThatThrownBy(() -> InputFiles.of(List.of(folder.resolve("out"))))
        .isInstanceOf(InputException.class)
        .hasMessageStartingWith(folder.resolve("out/_temporary") + " is there: ");
  }

  @Test
  void aLinkThatLeadsNowhereIsNamed() throws IOException {
    Path link = Files.createSymbolicLink(folder.resolve("link"), folder.resolve("nowhere"));
    Path itself = folder.resolve("other/itself");
    Files.createDirectory(folder.resolve("other"));
    Files.createSymbolicLink(itself, itself);

    assertThatThrownBy(() -> InputFiles.of(List.of(folder)))
        .isInstanceOf(InputException.class)
        .hasMessageMatching("the symbolic link .*(link|itself) leads to nothing, or round to itself; .*");
    assertThatThrownBy(() -> InputFiles.of(List.of(link)))
        .isInstanceOf(InputException.class)
        .hasMessage("no such file or folder: " + link);
  }

  @Test
  void whatIsNeitherFileNorFolderIsRefused() {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.exists(device), "no such device here");

    assertThatThrownBy(() -> InputFiles.of(List.of(device)))
        .isInstanceOf(InputException.class)
        .hasMessage("neither a file nor a folder: /dev/null; copy its content into a file first");
  }

  @Test
  void whatMayNotBeReadIsNamed() throws IOException {
    Path file = Files.writeString(folder.resolve("secret"), "x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("---------"));
    assumeFalse(Files.isReadable(file), "root may read everything");

    assertThatThrownBy(() -> InputFiles.of(List.of(folder)))
        .isInstanceOf(InputException.class)
        .hasMessage("not allowed to read " + file);
  }
}
