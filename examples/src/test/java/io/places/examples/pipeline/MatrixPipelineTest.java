package io.places.examples.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Random;
import org.junit.jupiter.api.Test;

class MatrixPipelineTest {
  @Test
  void theExampleOfTheDissertationIsAsALoopComputesIt() {
    double[] matrix = MatrixPipeline.example();

    assertThat(MatrixPipeline.run(matrix, 5)).containsExactly(inALoop(matrix, 5));
  }

  @Test
  void theMatrixNeedNotBeSquare() {
    double[] matrix = new Random(7).doubles(3 * 20).toArray();

    assertThat(MatrixPipeline.run(matrix, 3)).containsExactly(inALoop(matrix, 3));
    assertThat(MatrixPipeline.run(new double[] {3}, 1)).containsExactly(9);
  }

  @Test
  void cellsThatMakeUpNoFullRowsAreRefused() {
    assertThatThrownBy(() -> MatrixPipeline.run(new double[7], 3))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("7 cells make up no rows of 3 columns");
  }

  private static double[] inALoop(double[] matrix, int columns) {
    double[] result = matrix.clone();
    for (int cell = 0; cell < result.length; cell++) {
      double left = cell % columns == 0 ? 0 : result[cell - 1];
      result[cell] = (result[cell] + left) * (result[cell] + left);
    }
    return result;
  }
}
