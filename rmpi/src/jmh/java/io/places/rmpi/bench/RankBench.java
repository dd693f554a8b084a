package io.places.rmpi.bench;

import io.places.rmpi.ArrayOp;
import io.places.rmpi.Comm;
import io.places.rmpi.ElementType;
import io.places.rmpi.Request;
import io.places.rmpi.RmpiProgram;
import io.places.rmpi.Slice;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;

/**
 * What each rank of a benchmark runs: rank 0 is told the cases one after the other by the coordinator, whose
 * port is the argument, and answers with microseconds. Does what {@code mpi_bench.c} does, call by call.
 */
public final class RankBench implements RmpiProgram {
  private static final int BATCHES = 11;
  private static final int DATA = 1;
  private static final int ACK = 2;

  /** What is measured. */
  enum Operation {
    HALF(2),
    /** From and to memory that the other sees, too. */
    SHARED(2),
    STREAM(64),
    ARRAYS(8),
    BARRIER(1),
    BCAST(1),
    ALLREDUCE(1),
    ALLGATHER(1),
    ALLTOALL(1),
    /** The share of a core, in percent, that a rank takes which is blocked in a receive. */
    IDLE(1);

    final int messages;

    Operation(int messages) {
      this.messages = messages;
    }
  }

  /** What rank 0 tells the others. */
  record Order(Operation operation, int bytes, double warmUp, double measured) {
    static Order parse(String line) {
      String[] words = line.split(" ", -1);
      return new Order(
          Operation.valueOf(words[0]),
          Integer.parseInt(words[1]),
          Double.parseDouble(words[2]),
          Double.parseDouble(words[3]));
    }

    @Override
    public String toString() {
      return "%s %d %s %s".formatted(operation, bytes, warmUp, measured);
    }
  }

  @Override
  public void run(Comm comm, String[] arguments) throws Exception {
    if (comm.rank() > 0) {
      for (String line = told(comm); !line.isEmpty(); line = told(comm)) {
        new Case(comm, Order.parse(line)).run();
      }
      return;
    }
    try (Socket coordinator =
            new Socket(InetAddress.getLoopbackAddress(), Integer.parseInt(arguments[0]));
        var in = new BufferedReader(reader(coordinator));
        var out = new PrintWriter(coordinator.getOutputStream(), true, StandardCharsets.UTF_8)) {
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        comm.bcast(line, 0, String.class);
        out.println(new Case(comm, Order.parse(line)).run());
      }
      comm.bcast("", 0, String.class);
    }
  }

  private static String told(Comm comm) {
    return comm.bcast(null, 0, String.class);
  }

  private static InputStreamReader reader(Socket coordinator) throws IOException {
    return new InputStreamReader(coordinator.getInputStream(), StandardCharsets.UTF_8);
  }

  /** One operation and size. */
  private static final class Case {
    private final Comm comm;
    private final Order order;
    private final Slice out;
    private final Slice in;
    private final Slice ack = Slice.of(new double[1]);
    private final Request<?>[] requests;

    Case(Comm comm, Order order) {
      this.comm = comm;
      this.order = order;
      int count = order.bytes() / Double.BYTES;
      out = slice(count * (order.operation() == Operation.ALLTOALL ? comm.size() : 1));
      in = slice(count * comm.size());
      requests = new Request<?>[order.operation().messages];
    }

    private Slice slice(int count) {
      return order.operation() == Operation.SHARED
          ? comm.allocateShared(ElementType.DOUBLE, count)
          : Slice.of(new double[count]);
    }

    double run() throws InterruptedException {
      if (order.operation() == Operation.IDLE) {
        return idle();
      }
      long calls = 1;
      double taken = secondsOf(calls);
      double warm = taken;
      while (warm < order.warmUp() || taken < order.measured() / 4) {
        if (taken < order.measured() / 4) {
          calls *= 2;
        }
        taken = secondsOf(calls);
        warm += taken;
      }
      calls = Math.max(1, (long) (calls * order.measured() / BATCHES / taken));
      double[] batches = new double[BATCHES];
      for (int i = 0; i < BATCHES; i++) {
        batches[i] = secondsOf(calls) * 1e6 / calls / order.operation().messages;
      }
      Arrays.sort(batches);
      return batches[BATCHES / 2];
    }

    /** That of the slowest rank. */
    private double secondsOf(long calls) {
      comm.barrier();
      long start = System.nanoTime();
      for (long i = 0; i < calls; i++) {
        operate();
      }
      double[] seconds = {(System.nanoTime() - start) / 1e9};
      comm.allreduce(Slice.of(seconds), ArrayOp.MAX);
      return seconds[0];
    }

    private void operate() {
      switch (order.operation()) {
        case HALF, SHARED -> roundTrip();
        case STREAM, ARRAYS -> window();
        case BARRIER -> comm.barrier();
        case BCAST -> comm.bcast(out, 0);
        case ALLREDUCE -> comm.allreduce(out, ArrayOp.SUM);
        case ALLGATHER -> comm.allgather(out, in);
        case ALLTOALL -> comm.alltoall(out, in);
        case IDLE -> throw new AssertionError("takes its time by itself");
      }
    }

    private void roundTrip() {
      if (comm.rank() == 0) {
        comm.send(out, 1, DATA);
        comm.recv(in, 1, DATA);
      } else if (comm.rank() == 1) {
        comm.recv(in, 0, DATA);
        comm.send(out, 0, DATA);
      }
    }

    private void window() {
      for (int i = 0; i < requests.length; i++) {
        requests[i] = comm.rank() == 0 ? comm.isend(out, 1, DATA) : comm.irecv(in, 0, DATA);
      }
      Request.awaitAll(requests);
      if (comm.rank() == 0) {
        comm.recv(ack, 1, ACK);
      } else {
        comm.send(ack, 0, ACK);
      }
    }

    private double idle() throws InterruptedException {
      double share = 0;
      if (comm.rank() == 0) {
        Thread.sleep(Duration.ofNanos((long) (order.measured() * 1e9)));
        for (int rank = 1; rank < comm.size(); rank++) {
          comm.send(ack, rank, DATA);
        }
      } else {
        long start = System.nanoTime();
        long before = processorTime();
        comm.recv(ack, 0, DATA);
        share = 100.0 * (processorTime() - before) / (System.nanoTime() - start);
      }
      double[] most = {share};
      comm.allreduce(Slice.of(most), ArrayOp.MAX);
      return most[0];
    }

    private static long processorTime() {
      return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
          .getProcessCpuTime();
    }
  }
}
