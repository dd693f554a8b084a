package io.places.wire;

import org.jspecify.annotations.Nullable;

/** The kinds of frame, with the bounds of their bodies; see {@code frame.proto}. */
enum FrameKind {
  CONTROL(1, 0, 64 << 10),
  DATA(2, 0, 64 << 10),
  CREDIT(3, 12, 12),
  HEARTBEAT(4, 8, 8);

  /** Big enough to use a fast link fully, small enough that the next channel's turn comes soon. */
  static final int MAX_BODY = 64 << 10;

  private static final FrameKind[] BY_CODE = {null, CONTROL, DATA, CREDIT, HEARTBEAT};

  final byte code;
  final int minBody;
  final int maxBody;

  FrameKind(int code, int minBody, int maxBody) {
    this.code = (byte) code;
    this.minBody = minBody;
    this.maxBody = maxBody;
  }

  static @Nullable FrameKind ofCode(int code) {
    return code > 0 && code < BY_CODE.length ? BY_CODE[code] : null;
  }
}
