package io.places.examples.qsort;

import io.places.PlacesException;
import java.util.Arrays;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Collectors;

/**
 * Numbers that are made instead of read.
 *
 * @param size how many
 */
public record Generated(Kind kind, int size, long seed) {
  private static final int MOST = 500_000_000; // two arrays of them, at 8 bytes each, are 8 GB

  /** What they are like: the inputs by which sorts are known to be upset among them. */
  public enum Kind {
    UNIFORM {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return random.nextLong();
      }
    },
    SORTED {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return i;
      }
    },
    REVERSED {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return (long) size - i;
      }
    },
    ORGAN_PIPE {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return Math.min(i, size - i);
      }
    },
    FEW_DISTINCT {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return random.nextLong(16);
      }
    },
    EQUAL {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return 42;
      }
    },
    ALMOST_SORTED {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return random.nextInt(100) == 0 ? random.nextLong(size) : i;
      }
    },
    EXPONENTIAL {
      @Override
      long at(int i, int size, SplittableRandom random) {
        return random.nextLong() >> random.nextInt(Long.SIZE);
      }
    },
    /** Musser, "Introspective sorting and selection algorithms", 1997. */
    MEDIAN_OF_3_KILLER {
      @Override
      long at(int i, int size, SplittableRandom random) {
        int half = size / 2;
        if (i >= half) {
          return 2L * (i - half + 1);
        }
        return i % 2 == 0 ? i + 1L : (long) half + i - 1;
      }
    };

    abstract long at(int i, int size, SplittableRandom random);

    @Override
    public String toString() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /**
   * Reads KIND,N,SEED.
   *
   * @throws PlacesException if it is not that, saying what is wrong
   */
  public static Generated parse(String text) {
    String[] parts = text.split(",", -1);
    if (parts.length != 3) {
      throw new PlacesException("'%s' is not KIND,N,SEED, such as uniform,1000000,1".formatted(text));
    }
    return new Generated(
        kind(parts[0].strip()),
        (int) number(parts[1].strip(), "N", 0, MOST),
        number(parts[2].strip(), "SEED", Long.MIN_VALUE, Long.MAX_VALUE));
  }

  private static Kind kind(String name) {
    for (Kind kind : Kind.values()) {
      if (kind.toString().equals(name)) {
        return kind;
      }
    }
    throw new PlacesException(
        "'%s' is no KIND; there are %s"
            .formatted(
                name,
                Arrays.stream(Kind.values()).map(Kind::toString).collect(Collectors.joining(", "))));
  }

  private static long number(String text, String what, long least, long most) {
    try {
      long number = Long.parseLong(text);
      if (number >= least && number <= most) {
        return number;
      }
    } catch (NumberFormatException e) {
      // told below
    }
    throw new PlacesException(
        "'%s' is no %s: a whole number from %d to %d".formatted(text, what, least, most));
  }

  /** Makes them: the same from the same seed. */
  public long[] make() {
    var random = new SplittableRandom(seed);
    long[] numbers = new long[size];
    for (int i = 0; i < size; i++) {
      numbers[i] = kind.at(i, size, random);
    }
    return numbers;
  }
}
