package io.places.ndp;

import java.util.Random;
import java.util.SplittableRandom;

/** Arrays to sort, of the kinds by which sorts are known to be upset. */
enum Inputs {
  UNIFORM {
    @Override
    long[] make(int size, SplittableRandom random) {
      return random.longs(size).toArray();
    }
  },
  SORTED {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      for (int i = 0; i < size; i++) {
        array[i] = i - size / 2L;
      }
      return array;
    }
  },
  REVERSED {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      for (int i = 0; i < size; i++) {
        array[i] = (long) size - i;
      }
      return array;
    }
  },
  ORGAN_PIPE {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      for (int i = 0; i < size; i++) {
        array[i] = Math.min(i, size - i);
      }
      return array;
    }
  },
  SIXTEEN_DISTINCT {
    @Override
    long[] make(int size, SplittableRandom random) {
      return random.longs(size, 0, 16).toArray();
    }
  },
  ALL_EQUAL {
    @Override
    long[] make(int size, SplittableRandom random) {
      return new long[size];
    }
  },
  ALMOST_SORTED {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = SORTED.make(size, random);
      for (int i = 0; i < size / 100; i++) {
        array[random.nextInt(size)] = random.nextLong(size);
      }
      return array;
    }
  },
  EXPONENTIAL {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      for (int i = 0; i < size; i++) {
        array[i] = random.nextLong() >> random.nextInt(Long.SIZE);
      }
      return array;
    }
  },
  /** Groups that agree in the bits by which most is sorted, and differ below. */
  ALIKE_ABOVE {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      for (int i = 0; i < size; i++) {
        array[i] = random.nextLong(4) << 62 | random.nextLong(1 << 10);
      }
      return array;
    }
  },
  NEAR_THE_ENDS {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      for (int i = 0; i < size; i++) {
        array[i] = (random.nextBoolean() ? Long.MAX_VALUE : Long.MIN_VALUE) ^ random.nextLong(3);
      }
      return array;
    }
  },
  /** Musser, "Introspective sorting and selection algorithms", 1997: quadratic for quicksort by median of 3. */
  MEDIAN_OF_3_KILLER {
    @Override
    long[] make(int size, SplittableRandom random) {
      long[] array = new long[size];
      int half = size / 2;
      for (int i = 0; i < half; i++) {
        array[i] = i % 2 == 0 ? i + 1L : (long) half + i - i % 2;
        array[half + i] = 2L * (i + 1);
      }
      return array;
    }
  };

  abstract long[] make(int size, SplittableRandom random);

  /** A seed, which is printed; {@code -Dtest.seed=…} brings it back. */
  static SplittableRandom random() {
    long seed = Long.getLong("test.seed", new Random().nextLong());
    System.out.println("test.seed=" + seed);
    return new SplittableRandom(seed);
  }
}
