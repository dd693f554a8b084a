package io.places.rmpi;

import io.places.MessageNotAllowedException;
import io.places.message.MessageType;
import org.jspecify.annotations.Nullable;

/** Which class the values of all ranks have in common, by that of one of them; looked up once for each class. */
final class CommonClasses {
  static final ClassValue<Class<?>> OF =
      new ClassValue<>() {
        @Override
        protected Class<?> computeValue(Class<?> own) {
          Class<?> common = own;
          for (Class<?> above = own; above != null; above = sealedAbove(above)) {
            common = above;
          }
          return common;
        }
      };

  private CommonClasses() {}

  private static @Nullable Class<?> sealedAbove(Class<?> type) {
    for (Class<?> each : type.getInterfaces()) {
      if (each.isSealed() && isMessage(each)) {
        return each;
      }
    }
    return null;
  }

  /** Of some, as that above {@code Integer}, not all that they permit may travel. */
  private static boolean isMessage(Class<?> type) {
    try {
      return MessageType.of(type).javaType() == type;
    } catch (MessageNotAllowedException e) {
      return false;
    }
  }
}
