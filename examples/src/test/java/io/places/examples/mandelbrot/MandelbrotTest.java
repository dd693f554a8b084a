package io.places.examples.mandelbrot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.PlacesException;
import java.awt.image.BufferedImage;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MandelbrotTest {
  private static final int BLACK = 0xFF000000;

  @TempDir private Path folder;

  @Test
  void severalPlacesDrawWhatALoopDraws() {
    int size = 1_500; // more rows than a channel takes without waiting
    Plane plane = new Plane(size);
    byte[] expected = new byte[size * size];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        expected[row * size + column] = plane.stepsToLeave(column, row);
      }
    }

    assertThat(Mandelbrot.pixels(size, 3)).isEqualTo(expected);
  }

  @Test
  void knownPointsAreInsideAndOutside() {
    Plane plane = new Plane(200);

    assertThat(plane.stepsToLeave(150, 100)).as("0").isEqualTo(Plane.INSIDE);
    assertThat(plane.stepsToLeave(50, 100)).as("-1").isEqualTo(Plane.INSIDE);
    assertThat(plane.stepsToLeave(199, 100)).as("0.49").isBetween((byte) 1, (byte) 20);
    assertThat(plane.stepsToLeave(0, 0)).as("-1.5 - i").isBetween((byte) 1, (byte) 3);
  }

  @Test
  void thePngFileShowsTheSetInBlackOnColours() throws Exception {
    Path file = folder.resolve("set.png");

    Mandelbrot.write(file, 100, 2);

    BufferedImage image = ImageIO.read(file.toFile());
    assertThat(image.getWidth()).isEqualTo(100);
    assertThat(image.getHeight()).isEqualTo(100);
    assertThat(image.getRGB(75, 50)).isEqualTo(BLACK);
    assertThat(image.getRGB(25, 50)).isEqualTo(BLACK);
    assertThat(image.getRGB(0, 0)).isNotEqualTo(BLACK);
    assertThat(image.getRGB(99, 99)).isNotEqualTo(BLACK);
  }

  @Test
  void aFileThatCannotBeWrittenIsNamed() {
    Path file = folder.resolve("missing").resolve("set.png");

    assertThatThrownBy(() -> Mandelbrot.write(file, 10, 1))
        .isInstanceOf(PlacesException.class)
        .hasMessageStartingWith("cannot write the picture: " + file);
  }

  @Test
  void aSizeOutOfBoundsIsRefused() {
    assertThatThrownBy(() -> Mandelbrot.pixels(40_000, 2))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the size of a picture must be 1 to 32768, not 40000");
  }
}
