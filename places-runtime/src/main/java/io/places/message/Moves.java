package io.places.message;

import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/** The transfers of one message, which count as moved all together once it is complete. */
final class Moves {
  private final List<Transfer<?>> transfers = new ArrayList<>();
  private final Set<Object> arrays = Collections.newSetFromMap(new IdentityHashMap<>());

  void add(Transfer<?> transfer, Object array) {
    if (!arrays.add(array)) {
      throw new Refusal("its array is in this message before; only one receiver can have it");
    }
    transfers.add(transfer);
  }

  void commit() {
    Transfer.commit(transfers);
  }
}
