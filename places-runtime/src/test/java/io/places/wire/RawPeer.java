package io.places.wire;

import io.places.wire.proto.Control;
import io.places.wire.proto.Hello;
import io.places.wire.proto.OpenNamed;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.UUID;

/** A peer that knows the secret and otherwise says what it likes. */
final class RawPeer implements AutoCloseable {
  private final Socket socket = new Socket();
  private final DataInputStream in;
  private long sequence;

  RawPeer(ClusterKey key, InetSocketAddress node) throws IOException {
    this(key, node, new NodeIdentity(UUID.randomUUID(), 1));
  }

  RawPeer(ClusterKey key, InetSocketAddress node, NodeIdentity self) throws IOException {
    var random = new SecureRandom();
    var handshake = new Handshake(key, self, random, true);
    socket.setSoTimeout(10_000);
    socket.setTcpNoDelay(true);
    socket.connect(node);
    in = new DataInputStream(socket.getInputStream());
    socket.getOutputStream().write(handshake.opening());
    for (int size : new int[] {Handshake.PREFACE_SIZE, Handshake.PROOF_SIZE}) {
      byte[] part = new byte[size];
      in.readFully(part);
      handshake.receive(ByteBuffer.wrap(part), this::write);
    }
  }

  /** Bytes as they are, that need be no frame. */
  void write(byte[] bytes) {
    try {
      socket.getOutputStream().write(bytes);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  void control(Control message) {
    frame(FrameKind.CONTROL, 0, 0, message.toByteArray());
  }

  /** Introduces itself. */
  void hello(boolean only) {
    control(
        Control.newBuilder()
            .setHello(
                Hello.newBuilder().setNodeName("raw").setOnly(only).setWindow(Connection.WINDOW))
            .build());
  }

  /** Opens a channel of strings to a named place. */
  void open(String name, long channel) throws IOException {
    control(
        Control.newBuilder()
            .setOpenNamed(
                OpenNamed.newBuilder()
                    .setChannel(channel)
                    .setName(name)
                    .setSends(String.class.getName())
                    .setReceives(String.class.getName()))
            .build());
    next(Control.BodyCase.NAMED_OPENED);
  }

  void frame(FrameKind kind, int flags, long channel, byte[] body) {
    header(body.length, kind, flags, channel);
    write(body);
  }

  /** Of a frame whose body may never come. */
  void header(int length, FrameKind kind, int flags, long channel) {
    ByteBuffer header = ByteBuffer.allocate(FrameHeader.SIZE);
    new FrameHeader(length, kind, flags, channel, ++sequence).write(header);
    write(header.array());
  }

  /** The next control message that is of a kind. */
  Control next(Control.BodyCase kind) throws IOException {
    Control message = nextControl();
    while (message.getBodyCase() != kind) {
      message = nextControl();
    }
    return message;
  }

  Control nextControl() throws IOException {
    ByteBuffer frame = next(FrameKind.CONTROL);
    return Control.parseFrom(frame.position(FrameHeader.SIZE));
  }

  /** The next frame that is of a kind: header and body. */
  ByteBuffer next(FrameKind kind) throws IOException {
    while (true) {
      byte[] header = new byte[FrameHeader.SIZE];
      in.readFully(header);
      FrameHeader frame = FrameHeader.read(ByteBuffer.wrap(header));
      byte[] body = new byte[frame.length()];
      in.readFully(body);
      if (frame.kind() == kind) {
        return ByteBuffer.allocate(header.length + body.length).put(header).put(body).flip();
      }
    }
  }

  /** Reads on until the node has closed the connection, and answers whether it has. */
  boolean isClosedThere() throws IOException {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (SocketTimeoutException e) {
      return false;
    } catch (SocketException e) {
      return true; // reset
    }
  }

  /** Why the node closes the connection. */
  String goodbye() throws IOException {
    return next(Control.BodyCase.GOODBYE).getGoodbye().getReason();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
