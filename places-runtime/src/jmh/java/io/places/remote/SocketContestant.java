package io.places.remote;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;

/** Bare TCP sockets and threads that block on them: what the machine can do at best. */
final class SocketContestant implements Contestant {
  private static final int ECHO = 1;

  @Override
  public String serve() throws IOException {
    var server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    Thread.ofPlatform().start(() -> accept(server));
    return Integer.toString(server.getLocalPort());
  }

  private static void accept(ServerSocket server) {
    try {
      while (true) {
        Socket socket = server.accept();
        socket.setTcpNoDelay(true);
        Thread.ofPlatform().start(() -> answer(socket));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The first byte says whether to send back each message, or to take blocks and answer the last. */
  private static void answer(Socket socket) {
    try (socket) {
      var in = new DataInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      byte[] message = new byte[in.read() == ECHO ? Discipline.SIZE : Discipline.BULK_SIZE];
      while (true) {
        in.readFully(message);
        if (message.length == Discipline.SIZE) {
          out.write(message);
        } else if (message[0] != 0) {
          out.write(message[0]);
        }
      }
    } catch (EOFException e) {
      // the round is over
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public Map<Discipline, Run> connect(String address) throws IOException {
    Socket echo = open(address, ECHO);
    Socket bulk = open(address, 0);
    byte[] message = new byte[Discipline.SIZE];
    byte[] block = new byte[Discipline.BULK_SIZE];
    var echoed = new DataInputStream(echo.getInputStream());
    return Map.of(
        Discipline.ROUND_TRIP_1,
        times -> {
          for (int i = 0; i < times; i++) {
            echo.getOutputStream().write(message);
            echoed.readFully(message);
          }
        },
        Discipline.MEBIBYTES,
        times -> {
          for (int i = 0; i < times; i++) {
            block[0] = (byte) (i == times - 1 ? 1 : 0);
            bulk.getOutputStream().write(block);
          }
          Callers.requireAll(1, bulk.getInputStream().read());
        });
  }

  private static Socket open(String address, int what) throws IOException {
    var socket = new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(address));
    socket.setTcpNoDelay(true);
    socket.getOutputStream().write(what);
    return socket;
  }
}
