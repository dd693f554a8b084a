package io.places.rmpi;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

/** Classes of which no program can be made. */
class ProgramClassTest {
  abstract static class Abstract implements RmpiProgram {}

  static final class WithParameter implements RmpiProgram {
    private final int number;

    WithParameter(int number) {
      this.number = number;
    }

    @Override
    public void run(Comm comm, String[] arguments) {
      comm.allreduce(number, Integer::sum);
    }
  }

  @Test
  void anAbstractClassIsNamedAsThat() {
    assertThatThrownBy(() -> Rmpi.launch(1, Abstract.class))
        .hasMessageContaining(Abstract.class.getName() + " cannot be made: it is abstract");
  }

  @Test
  void aClassWithoutAConstructorWithoutParametersIsNamedAsThat() {
    assertThatThrownBy(() -> Rmpi.launch(1, WithParameter.class))
        .hasMessageContaining(
            WithParameter.class.getName() + " cannot be made: it has no constructor without parameters");
  }
}
