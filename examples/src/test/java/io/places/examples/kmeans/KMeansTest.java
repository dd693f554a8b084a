package io.places.examples.kmeans;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.rmpi.Comm;
import io.places.rmpi.Rmpi;
import io.places.rmpi.RmpiFunction;
import java.awt.Transparency;
import java.awt.color.ColorSpace;
import java.awt.image.BufferedImage;
import java.awt.image.ComponentColorModel;
import java.awt.image.DataBuffer;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import javax.imageio.ImageIO;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class KMeansTest {
  private static final long SEED = 20260807;

  @TempDir private Path folder;

  private static List<KMeansResult> run(int ranks, KMeansSettings settings) {
    return Rmpi.call(ranks, KMeans.class, KMeansResult.class, settings.toArguments());
  }

  private static KMeansSettings settings(int k, int iterations, @Nullable Path input) {
    return new KMeansSettings(
        k, iterations, SEED, input, input == null ? new Blobs(3_001, 3, 5) : null);
  }

  private Path csv(double[][] points) throws IOException {
    return Files.write(
        folder.resolve("points.csv"),
        Arrays.stream(points)
            .map(
                point ->
                    Arrays.stream(point).mapToObj(Double::toString).collect(Collectors.joining(",")))
            .toList());
  }

  private static double[][] random(int points, int dimensions) {
    Random random = new Random(SEED);
    double[][] all = new double[points][dimensions];
    for (double[] point : all) {
      Arrays.setAll(point, i -> random.nextGaussian() * Math.pow(10, random.nextInt(6) - 3));
    }
    return all;
  }

  @ParameterizedTest
  @CsvSource({"1,2", "2,50", "3,50", "4,1", "7,50"})
  void theCentroidsAreThoseOfASerialProgramBitForBit(int ranks, int iterations) throws IOException {
    double[][] points = random(1_003, 4);
    SerialKMeans.Outcome expected = new SerialKMeans(points).cluster(6, iterations, SEED);

    for (KMeansResult result : run(ranks, settings(6, iterations, csv(points)))) {
      assertThat(result.centroids())
          .containsExactly(Arrays.stream(expected.centroids()).flatMapToDouble(Arrays::stream).toArray());
      assertThat(result.inertia()).isEqualTo(expected.inertia());
      assertThat(result.iterations()).isEqualTo(expected.iterations());
      assertThat(result.points()).isEqualTo(1_003);
      assertThat(result.empty()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {2, 5, 70})
  void madeDataAreTheSameForEveryNumberOfRanks(int ranks) {
    KMeansResult alone = run(1, settings(5, 50, null)).getFirst();
    KMeansResult together = run(ranks, settings(5, 50, null)).getLast();

    assertThat(together.centroids()).containsExactly(alone.centroids());
    assertThat(together.inertia()).isEqualTo(alone.inertia());
  }

  @Test
  void theCentresOfMadeDataAreFound() {
    KMeansResult result = run(2, settings(5, 50, null)).getFirst();

    assertThat(result.converged()).isTrue();
    // Of a standard deviation of 1 in each of 3 dimensions.
    assertThat(result.inertia() / result.points()).isBetween(2.8, 3.2);
  }

  @Test
  void ranksThatAreOnOtherNodesComeToTheSame() throws IOException {
    double[][] points = random(500, 2);
    KMeansSettings settings = settings(4, 50, csv(points));
    String here = KMeans.class.getPackageName();
    try (Node node = Node.start(NodeOptions.standard().allow(here, Rmpi.class.getPackageName()))) {
      List<KMeansResult> remote =
          Rmpi.call(
              node.launch(3, Node.inThisJvm()),
              KMeans.class,
              KMeansResult.class,
              settings.toArguments());
      assertThat(remote.getLast().centroids())
          .containsExactly(run(1, settings).getFirst().centroids());
    }
  }

  @Test
  void eachPointCanBeItsOwnCluster() throws IOException {
    KMeansResult result = run(3, settings(4, 50, csv(random(4, 2)))).getFirst();

    assertThat(result.inertia()).isZero();
    assertThat(result.empty()).isZero();
  }

  /** The means after one step from centroids of which the second is the nearest of no point. */
  static final class OneStep implements RmpiFunction<double[]> {
    @Override
    public double[] call(Comm comm, String[] arguments) {
      Blocks blocks = new Blocks(4, comm.size());
      double[] all = {-1, 1, 10, 14};
      int first = blocks.start(blocks.first(comm.rank()));
      int end = blocks.start(blocks.first(comm.rank() + 1));
      Share share = new Share(comm, blocks, 1, Arrays.copyOfRange(all, first, end));
      Step step = Step.of(share, 3, new double[] {0.5, 1_000, 11});
      double[] means = step.means();
      return new double[] {means[0], means[1], means[2], step.empty()};
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void aClusterWithoutPointsStaysWhereItIsAndIsCounted(int ranks) {
    assertThat(Rmpi.call(ranks, OneStep.class, double[].class))
        .allSatisfy(means -> assertThat(means).containsExactly(0, 1_000, 12, 1));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      ignoreLeadingAndTrailingWhitespace = false,
      value = {
        "1,2;3|, line 2 has 1 columns, those before have 2",
        "1,2;3,4;5,6,7|, line 3 has 3 columns, those before have 2",
        "1,2;3,x|, line 2, column 2: 'x' is no number",
        "1,2;3,|, line 2, column 2: '' is no number",
        "1,2;3,4d|, line 2, column 2: '4d' is no number",
        "1,2;3,0x1p3|, line 2, column 2: '0x1p3' is no number",
        "1;3\t4|, line 2, column 1: '3\t4' is no number; put commas between the columns",
        "1,2;NaN,4|, line 2, column 1: NaN is at no distance from anything; give finite numbers, or leave"
            + " the point out",
        "1,2;4,-Infinity|, line 2, column 2: -Infinity is at no distance from anything; give finite"
            + " numbers, or leave the point out",
        "1,2;4,1e200|, line 2, column 2: 1e200 is too large, the squares of such numbers overflow; scale"
            + " them to 1.0E140 at most",
        "x,y| has no points"
      })
  void aFileThatIsNoTableOfNumbersIsToldWithLineAndColumn(String lines, String said) throws IOException {
    Path file = Files.write(folder.resolve("wrong.csv"), List.of(lines.split(";")));

    assertThatThrownBy(() -> run(2, settings(1, 50, file)))
        .hasMessage("rank 0 has failed: io.places.PlacesException: " + file + said);
  }

  @Test
  void theMarkThatSpreadsheetsPutInFrontIsNoPartOfTheFirstNumber() throws IOException {
    Path file = Files.write(folder.resolve("marked.csv"), List.of("\uFEFF1", "3"));

    assertThat(run(2, settings(1, 50, file)).getFirst().centroids()).containsExactly(2);
  }

  @Test
  void namesInTheFirstLineAndEmptyLinesAreLeftOut() throws IOException {
    Path file = Files.write(folder.resolve("named.csv"), List.of("x, y", "1, 2", "", "3,4 ", ""));

    assertThat(run(2, settings(1, 50, file)).getFirst().centroids()).containsExactly(2, 3);
  }

  @Test
  void moreClustersThanPointsOrThanDifferentPointsAreRefused() throws IOException {
    Path file = csv(new double[][] {{1, 2}, {3, 4}, {1, 2}, {3, 4}});

    assertThatThrownBy(() -> run(2, settings(5, 50, file)))
        .hasMessageEndingWith("there are 4 points; k can be 4 at most, not 5");
    assertThatThrownBy(() -> run(2, settings(3, 50, file)))
        .hasMessageEndingWith("there are only 2 different points; k can be 2 at most, not 3");
    assertThat(run(2, settings(2, 50, file)).getFirst().inertia()).isZero();
  }

  @ParameterizedTest
  @ValueSource(strings = {"png", "jpg"})
  void aPictureIsWrittenInItsColoursBesideIt(String format) throws IOException {
    var image = new BufferedImage(30, 20, BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < 20; y++) {
      for (int x = 0; x < 30; x++) {
        int shade = x % 3;
        image.setRGB(x, y, x < 15 ? 0xE01010 + shade : 0x1020E0 + shade);
      }
    }
    Path file = folder.resolve("flag.of.two." + format);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();

    KMeansResult result = run(3, settings(2, 50, file)).getFirst();

    Path written = folder.resolve("flag.of.two-2-colours.png");
    assertThat(result.picture()).isEqualTo(written.toString());
    BufferedImage quantised = ImageIO.read(written.toFile());
    assertThat(quantised.getWidth()).isEqualTo(30);
    assertThat(quantised.getHeight()).isEqualTo(20);
    int[] pixels = quantised.getRGB(0, 0, 30, 20, null, 0, 30);
    assertThat(Arrays.stream(pixels).distinct().map(pixel -> pixel & 0xFFFFFF).boxed())
        .containsExactlyInAnyOrderElementsOf(IntStream.of(result.colours()).boxed().toList());
    assertThat(pixels[0] >> 16 & 0xFF).isGreaterThan(200);
    assertThat(pixels[29] & 0xFF).isGreaterThan(200);
  }

  /** What Java makes of such greys by itself is lighter: of 128 it makes 188. */
  @ParameterizedTest
  @CsvSource({"8,png", "8,jpg", "16,png"})
  void theGreysOfAPictureAreThoseInTheFile(int bits, String format) throws IOException {
    var image =
        new BufferedImage(
            8, 16, bits == 8 ? BufferedImage.TYPE_BYTE_GRAY : BufferedImage.TYPE_USHORT_GRAY);
    int wider = bits == 8 ? 1 : 257;
    for (int i = 0; i < 8 * 16; i++) { // a JPEG has each square of 8 by 8 as it is, if that is of one shade
      image.getRaster().setSample(i % 8, i / 8, 0, (i < 64 ? 64 : 128) * wider);
    }
    Path file = folder.resolve("grey." + format);
    assertThat(ImageIO.write(image, format, file.toFile())).isTrue();

    KMeansResult result = run(2, settings(2, 50, file)).getFirst();

    assertThat(result.colours()).containsExactlyInAnyOrder(0x404040, 0x808080);
    int[] pixels = pixels(result);
    assertThat(Arrays.copyOf(pixels, 64)).containsOnly(0xFF404040);
    assertThat(Arrays.copyOfRange(pixels, 64, 128)).containsOnly(0xFF808080);
  }

  private static int[] pixels(KMeansResult result) throws IOException {
    BufferedImage quantised = ImageIO.read(new File(result.picture()));
    int width = quantised.getWidth();
    return quantised.getRGB(0, 0, width, quantised.getHeight(), null, 0, width);
  }

  @Test
  void aGreyThatIsHalfTransparentStaysSo() throws IOException {
    var model =
        new ComponentColorModel(
            ColorSpace.getInstance(ColorSpace.CS_GRAY),
            true,
            false,
            Transparency.TRANSLUCENT,
            DataBuffer.TYPE_BYTE);
    var image = new BufferedImage(model, model.createCompatibleWritableRaster(4, 1), false, null);
    image.getRaster().setPixels(0, 0, 4, 1, new int[] {128, 255, 128, 100, 30, 255, 200, 0});
    Path file = folder.resolve("grey-alpha.png");
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();

    KMeansResult result = run(2, settings(2, 50, file)).getFirst();

    assertThat(result.points()).isEqualTo(3);
    assertThat(result.colours()).containsExactlyInAnyOrder(0x808080, 0x1E1E1E);
    assertThat(pixels(result)).containsExactly(0xFF808080, 0x64808080, 0xFF1E1E1E, 0);
  }

  @Test
  void hiddenColoursOfTransparentPixelsDoNotCount() throws IOException {
    var image = new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 3, 1, new int[] {0x00FF0000, 0xFF0000FF, 0x8000FF00}, 0, 3);
    Path file = folder.resolve("hidden.png");
    assertThat(ImageIO.write(image, "png", file.toFile())).isTrue();

    KMeansResult result = run(2, settings(2, 50, file)).getFirst();

    assertThat(result.colours()).containsExactlyInAnyOrder(0x0000FF, 0x00FF00);
    assertThat(pixels(result)).containsExactly(0, 0xFF0000FF, 0x8000FF00);

    Path nothing = folder.resolve("nothing.png");
    ImageIO.write(new BufferedImage(3, 1, BufferedImage.TYPE_INT_ARGB), "png", nothing.toFile());
    assertThatThrownBy(() -> run(2, settings(1, 50, nothing)))
        .hasMessageEndingWith(
            "every pixel of " + nothing + " is wholly transparent; there are no colours to find");
    assertThat(folder.resolve("nothing-1-colours.png")).doesNotExist();
  }

  @Test
  void picturesThatDifferInTheEndingAloneAreWrittenToDifferentFiles() throws IOException {
    var image = new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB);
    Path png = folder.resolve("flag.png");
    Path jpg = folder.resolve("flag.jpg");
    assertThat(ImageIO.write(image, "png", png.toFile())).isTrue();
    Files.writeString(folder.resolve("flag.txt"), "no picture");
    assertThat(run(1, settings(1, 50, png)).getFirst().picture())
        .isEqualTo(folder.resolve("flag-1-colours.png").toString());

    assertThat(ImageIO.write(image, "jpg", jpg.toFile())).isTrue();
    assertThat(run(1, settings(1, 50, jpg)).getFirst().picture())
        .isEqualTo(folder.resolve("flag.jpg-1-colours.png").toString());
    assertThat(run(1, settings(1, 50, png)).getFirst().picture())
        .isEqualTo(folder.resolve("flag.png-1-colours.png").toString());
  }

  @Test
  void whatCannotBeReadIsTold() throws IOException {
    Path broken = Files.write(folder.resolve("broken.png"), new byte[] {(byte) 0x89, 'P', 'N', 'G', 1});
    assertThatThrownBy(() -> run(2, settings(2, 50, broken)))
        .hasMessageContaining("cannot read the picture " + broken);
    assertThat(folder.resolve("broken-2-colours.png")).doesNotExist();

    Path binary = Files.write(folder.resolve("binary"), new byte[] {(byte) 0xC3, 1, 2});
    assertThatThrownBy(() -> run(2, settings(2, 50, binary)))
        .hasMessageEndingWith(binary + " is neither UTF-8 text nor a PNG or JPEG picture");

    Path missing = folder.resolve("missing.csv");
    assertThatThrownBy(() -> run(2, settings(2, 50, missing)))
        .hasMessageEndingWith("there is no file " + missing);
  }

  @Test
  void aPictureThatFailsLeavesNoFileBehind() throws IOException {
    Path file = folder.resolve("one.png");
    ImageIO.write(new BufferedImage(2, 2, BufferedImage.TYPE_INT_RGB), "png", file.toFile());

    assertThatThrownBy(() -> run(2, settings(2, 50, file)))
        .hasMessageEndingWith("there are only 1 different points; k can be 1 at most, not 2");
    assertThat(folder.resolve("one-2-colours.png")).doesNotExist();
  }
}
