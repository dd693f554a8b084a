package io.places.rmpi.bench;

import io.places.node.Node;
import io.places.node.NodeOptions;
import io.places.place.PlaceLocation;
import io.places.rmpi.JobOptions;
import io.places.rmpi.LinkKind;
import io.places.rmpi.Rmpi;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A job of {@link RankBench} that runs, seen from the coordinator. */
final class RankJob implements AutoCloseable {
  private static final Duration START_LIMIT = Duration.ofSeconds(30);
  private static final Duration CASE_LIMIT = Duration.ofSeconds(60);

  private final Node node;
  private final CompletableFuture<Void> over;
  private final Socket rankZero;
  private final BufferedReader in;
  private final PrintWriter out;

  /** Starts it. */
  RankJob(Kind kind) throws IOException {
    node =
        Node.start(
            NodeOptions.standard().allow(Rmpi.class.getPackageName(), RankJob.class.getPackageName()));
    try (ServerSocket server = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      server.setSoTimeout((int) START_LIMIT.toMillis());
      List<? extends PlaceLocation> locations =
          kind.processes
              ? node.launch(kind.ranks, Rmpi.process())
              : Collections.nCopies(kind.ranks, node);
      over =
          CompletableFuture.runAsync(
              () ->
                  Rmpi.launch(
                      kind.options(), locations, RankBench.class, "" + server.getLocalPort()),
              task -> Thread.ofPlatform().daemon().start(task));
      rankZero = server.accept();
      rankZero.setSoTimeout((int) CASE_LIMIT.toMillis());
      in = new BufferedReader(new InputStreamReader(rankZero.getInputStream(), StandardCharsets.UTF_8));
      out = new PrintWriter(rankZero.getOutputStream(), true, StandardCharsets.UTF_8);
    }
  }

  /** Where the ranks are, and which links lie between them. */
  enum Kind {
    SHM_2(2, true, "vader,self"),
    TCP_2(2, true, "tcp,self"),
    SHM_4(4, true, "vader,self"),
    TCP_4(4, true, "tcp,self"),
    THREADS_2(2, false, "");

    final int ranks;
    final boolean processes;

    /** OpenMPI's name for such a link; empty if it has none. */
    final String openMpi;

    Kind(int ranks, boolean processes, String openMpi) {
      this.ranks = ranks;
      this.processes = processes;
      this.openMpi = openMpi;
    }

    JobOptions options() {
      LinkKind link = !processes ? LinkKind.AUTO : isTcp() ? LinkKind.TCP : LinkKind.MEMORY;
      return JobOptions.standard()
          .link(link)
          .deadlockTimeout(Duration.ZERO); // nobody looks in between
    }

    boolean isTcp() {
      return openMpi.startsWith("tcp");
    }

    @Override
    public String toString() {
      String where = !processes ? "threads" : isTcp() ? "TCP" : "shared memory";
      return "%s, %d ranks".formatted(where, ranks);
    }
  }

  /** Microseconds of one operation. */
  double run(RankBench.Order order) throws IOException {
    out.println(order);
    String line = in.readLine();
    if (line == null) {
      over.orTimeout(CASE_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
      throw new IOException("the ranks ended in " + order);
    }
    return Double.parseDouble(line);
  }

  @Override
  public void close() throws IOException {
    rankZero.close();
    over.orTimeout(CASE_LIMIT.toSeconds(), TimeUnit.SECONDS).join();
    node.close();
  }
}
