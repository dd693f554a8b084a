package io.places.message;

import io.places.MessageNotAllowedException;
import java.util.List;

/** Makes the message types of an interface whose values travel as references; see {@link ByReference}. */
@FunctionalInterface
public interface ReferenceTypes {
  /**
   * The message type for one choice of type arguments.
   *
   * @param arguments the message types of the arguments, in order; {@link MessageType#nothing()} for
   *     {@code Void}
   * @throws MessageNotAllowedException if such values cannot travel
   */
  ReferenceType<?> of(List<MessageType<?>> arguments);
}
