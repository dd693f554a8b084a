/*
 * How long one core's store takes to be seen by the other, in nanoseconds: the median of 15 short trials. On a
 * virtual machine that changes while programs run, and with it all that goes through memory.
 */
#define _GNU_SOURCE
#include <pthread.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

enum { TRIALS = 15, TURNS = 4000 };

static _Alignas(128) atomic_long ball;

static void pin(int which) {
  cpu_set_t all, one;
  sched_getaffinity(0, sizeof all, &all);
  CPU_ZERO(&one);
  for (int cpu = 0, seen = 0; cpu < CPU_SETSIZE; cpu++) {
    if (CPU_ISSET(cpu, &all) && seen++ == which) {
      CPU_SET(cpu, &one);
    }
  }
  pthread_setaffinity_np(pthread_self(), sizeof one, &one); /* without a second core: stays where it is */
}

static void await_turn(long turn) {
  for (long spins = 0; atomic_load_explicit(&ball, memory_order_acquire) < turn; spins++) {
    if (spins > 100000) {
      sched_yield(); /* somebody else has the other core */
    }
  }
}

static void *other(void *none) {
  pin(1);
  for (long turn = 1; turn < 2L * TRIALS * TURNS; turn += 2) {
    await_turn(turn);
    atomic_store_explicit(&ball, turn + 1, memory_order_release);
  }
  return none;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return time.tv_sec * 1e9 + time.tv_nsec;
}

static int ascending(const void *a, const void *b) {
  double difference = *(const double *)a - *(const double *)b;
  return (difference > 0) - (difference < 0);
}

int main(void) {
  pthread_t thread;
  if (pthread_create(&thread, NULL, other, NULL)) {
    return 1;
  }
  pin(0);
  double trials[TRIALS];
  long turn = 0;
  for (int trial = 0; trial < TRIALS; trial++) {
    double start = now();
    for (int i = 0; i < TURNS; i++, turn += 2) {
      await_turn(turn);
      atomic_store_explicit(&ball, turn + 1, memory_order_release);
    }
    trials[trial] = (now() - start) / TURNS / 2;
  }
  await_turn(turn);
  pthread_join(thread, NULL);
  qsort(trials, TRIALS, sizeof *trials, ascending);
  printf("%.1f\n", trials[TRIALS / 2]);
  return 0;
}
