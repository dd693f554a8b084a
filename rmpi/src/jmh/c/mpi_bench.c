/*
 * One case of the comparison with OpenMPI: mpi_bench OPERATION BYTES SECONDS
 *
 * Prints the microseconds of one operation: the median of 11 batches, each that of its slowest rank. Does what
 * RankBench does, call by call: a change here is a change there.
 */
#include <mpi.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { BATCHES = 11, IN_FLIGHT = 64, ARRAYS_IN_FLIGHT = 8, DATA = 1, ACK = 2 };

static int rank, size;
static char *out, *in;
static MPI_Request requests[IN_FLIGHT];

static void send_out(int bytes, int to, int tag) {
  MPI_Send(out, bytes, MPI_BYTE, to, tag, MPI_COMM_WORLD);
}

static void receive_in(int bytes, int from, int tag) {
  MPI_Recv(in, bytes, MPI_BYTE, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
}

static void round_trip(int bytes) {
  if (rank == 0) {
    send_out(bytes, 1, DATA);
    receive_in(bytes, 1, DATA);
  } else if (rank == 1) {
    receive_in(bytes, 0, DATA);
    send_out(bytes, 0, DATA);
  }
}

static void window(int bytes, int messages) {
  for (int i = 0; i < messages; i++) {
    if (rank == 0) {
      MPI_Isend(out, bytes, MPI_BYTE, 1, DATA, MPI_COMM_WORLD, &requests[i]);
    } else {
      MPI_Irecv(in, bytes, MPI_BYTE, 0, DATA, MPI_COMM_WORLD, &requests[i]);
    }
  }
  MPI_Waitall(messages, requests, MPI_STATUSES_IGNORE);
  if (rank == 0) {
    receive_in(8, 1, ACK);
  } else {
    send_out(8, 0, ACK);
  }
}

static void stream(int bytes) { window(bytes, IN_FLIGHT); }
static void arrays(int bytes) { window(bytes, ARRAYS_IN_FLIGHT); }
static void barrier(int bytes) { (void)bytes; MPI_Barrier(MPI_COMM_WORLD); }
static void bcast(int bytes) { MPI_Bcast(out, bytes, MPI_BYTE, 0, MPI_COMM_WORLD); }

static void allreduce(int bytes) { /* in place, as ours is */
  MPI_Allreduce(MPI_IN_PLACE, in, bytes / 8, MPI_DOUBLE, MPI_SUM, MPI_COMM_WORLD);
}

static void allgather(int bytes) { MPI_Allgather(out, bytes, MPI_BYTE, in, bytes, MPI_BYTE, MPI_COMM_WORLD); }
static void alltoall(int bytes) { MPI_Alltoall(out, bytes, MPI_BYTE, in, bytes, MPI_BYTE, MPI_COMM_WORLD); }

static const struct {
  const char *name;
  void (*run)(int bytes);
  int messages; /* in one call: the time is for one of them */
} OPERATIONS[] = {
    {"half", round_trip, 2},   {"stream", stream, IN_FLIGHT}, {"arrays", arrays, ARRAYS_IN_FLIGHT},
    {"barrier", barrier, 1},   {"bcast", bcast, 1},           {"allreduce", allreduce, 1},
    {"allgather", allgather, 1}, {"alltoall", alltoall, 1},
};

static double seconds_of(int operation, int bytes, long calls) {
  MPI_Barrier(MPI_COMM_WORLD);
  double start = MPI_Wtime();
  for (long i = 0; i < calls; i++) {
    OPERATIONS[operation].run(bytes);
  }
  double mine = MPI_Wtime() - start, slowest;
  MPI_Allreduce(&mine, &slowest, 1, MPI_DOUBLE, MPI_MAX, MPI_COMM_WORLD);
  return slowest;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

int main(int argc, char **argv) {
  MPI_Init(&argc, &argv);
  MPI_Comm_rank(MPI_COMM_WORLD, &rank);
  MPI_Comm_size(MPI_COMM_WORLD, &size);
  int operation = -1, bytes = argc > 2 ? atoi(argv[2]) : 0;
  double limit = argc > 3 ? atof(argv[3]) : 0;
  for (int i = 0; argc > 3 && i < (int)(sizeof OPERATIONS / sizeof *OPERATIONS); i++) {
    operation = strcmp(OPERATIONS[i].name, argv[1]) == 0 ? i : operation;
  }
  if (operation < 0) {
    fprintf(stderr, "usage: mpi_bench OPERATION BYTES SECONDS\n");
    MPI_Abort(MPI_COMM_WORLD, 2);
  }
  size_t room = (size_t)(bytes < 8 ? 8 : bytes) * (size_t)size;
  out = calloc(room, 1);
  in = calloc(room, 1);
  memset(out, 0, room); /* real pages, not the one of zeros */
  memset(in, 0, room);

  long calls = 1;
  double taken = seconds_of(operation, bytes, calls);
  while (taken < limit / 4 && calls < 1 << 24) {
    calls *= 2;
    taken = seconds_of(operation, bytes, calls);
  }
  calls = (long)(calls * limit / BATCHES / taken);
  calls = calls < 1 ? 1 : calls;
  double batches[BATCHES];
  for (int i = 0; i < BATCHES; i++) {
    batches[i] = seconds_of(operation, bytes, calls) * 1e6 / calls / OPERATIONS[operation].messages;
  }
  qsort(batches, BATCHES, sizeof *batches, ascending);
  if (rank == 0) {
    printf("%.4f\n", batches[BATCHES / 2]);
  }
  MPI_Finalize();
  return 0;
}
