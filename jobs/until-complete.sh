# shellcheck shell=bash
# What the Slurm job scripts share: running a sweep in a job that puts itself back into the queue until the
# sweep is complete. To be sourced.

# shellcheck source=jobs/start-checks.sh
. "$(dirname "${BASH_SOURCE[0]}")/start-checks.sh"

# run_until_complete PROGRAM ARCHIVE COMMAND...: runs COMMAND (the launcher, PROGRAM run SWEEP -o ARCHIVE, its
# options) and ends the job with its exit code, or requeues the job, which then resumes the archive:
#
#   0, 3       the sweep is complete (3: some points failed): the job ends
#   75         stopped early, by the time limit or a signal: requeued
#   any other  a rank was killed, a node was lost, the machine or the launcher failed: requeued
#
# What no other start would mend is looked for before the launch, and ends the job: a program that cannot be run (where
# it could in an earlier start the node is to blame, and the job is requeued), and input that it does not accept. So a 1,
# which mpirun and srun end with as well, need not be told apart afterwards.
#
# A job that gets nowhere is not requeued for ever: it ends after three starts in a row in which no point was
# done or failed and no checkpoint was saved. Three are enough for points that kill, which the program marks
# as failed when the job died of them twice. The file fruitless-starts-JOB beside the log counts them.
#
# SIGUSR1, SIGTERM and SIGINT to this script are passed on as SIGUSR1, which mpirun and srun hand to the ranks.
run_until_complete() {
  local program=$1 archive=$2 allowed=3
  shift 2
  # An array's first task shares its number with the array, so that the short one would mean all tasks.
  local job=${SLURM_ARRAY_JOB_ID:+${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID}
  job=${job:-$SLURM_JOB_ID}
  local launcher='' stopped='' decided='' code=75
  local counter=fruitless-starts-$job

  trap 'stopped=yes; pass_on_stop' USR1 INT
  trap 'stopped=yes; pass_on_stop; requeue_at_time_limit' TERM

  # The program stops itself in time for it. Only newer versions of Slurm set it.
  local end
  if [[ -z ${SLURM_JOB_END_TIME:-} ]] && end=$(squeue -h -j "$job" -o %e) && [[ $end == *T* ]]; then
    SLURM_JOB_END_TIME=$(date -d "$end" +%s)
    export SLURM_JOB_END_TIME
  fi
  # One thread a rank: the ranks are what fills the cores.
  export OPENBLAS_NUM_THREADS=1 OMP_NUM_THREADS=1

  local before
  before=$(progress_of "$program" "$archive")
  check_start "$@"
  if [[ -z $stopped ]]; then
    "$@" &
    launcher=$!
    # A signal ends `wait`, whether or not the launcher has ended.
    while wait "$launcher"; code=$?; kill -0 "$launcher" 2>/dev/null; do :; done
  fi
  trap '' USR1 INT TERM

  case $code in
    0 | 3)
      if [[ $(progress_of "$program" "$archive") == *", 0 pending"* ]]; then
        rm -f "$counter"
        exit "$code"
      fi
      code=2  # srun may end with 0 where it could not start the ranks
      ;;
    75) ;;
    *) [[ $stopped ]] || explain_launcher "$program" "$@" ;;
  esac
  requeue "exit code $code"
  exit "$code"
}

# progress_of PROGRAM ARCHIVE: prints what changes when a point is done or fails, or a checkpoint is saved.
progress_of() {
  "$1" status "$2" 2>/dev/null | sed -n 1p
  stat -c '%n %y' "$2".checkpoint-* 2>/dev/null
}

# The functions below are parts of run_until_complete and use its variables.

# check_start COMMAND...: ends the job where it cannot begin.
check_start() {
  local code=0 said
  said=$(check_input "$program" "$@" 2>&1) || code=$?
  ((code != 0)) || return 0
  if check_program "$program"; then
    echo "$said" >&2
  else
    code=$?
  fi
  if ((code == 126 || code == 127)) && ((${SLURM_RESTART_COUNT:-0} == 0)); then
    echo "$archive: not requeued, for the program cannot be run (see above)" >&2
    exit "$code"
  fi
  if ((code == 1)); then
    echo "$archive: not requeued, for the input is not accepted (see above)" >&2
    exit 1
  fi
  requeue "not started"
  exit "$code"
}

# shellcheck disable=SC2317  # called by traps
pass_on_stop() {
  [[ -z $launcher ]] || ask_to_stop "$launcher"
}

# When a run does not stop in time, Slurm kills this script together with it.
# shellcheck disable=SC2317
requeue_at_time_limit() {
  if [[ $(scontrol -o show job "$job") == *' Reason=TimeLimit '* ]]; then
    requeue "not stopped before the time limit"
  fi
}

# requeue WHY: puts the job back into the queue if it is still wanted and gets anywhere; decides that once. A job
# that was cancelled is not wanted; one that lost its nodes or was preempted is put back by Slurm itself.
requeue() {
  [[ -z $decided ]] || return
  decided=yes
  local why=$1 state attempt fruitless=0
  state=$(scontrol -o show job "$job")
  if [[ $state != *' JobState=RUNNING '* && $state != *' Reason=TimeLimit '* ]]; then
    echo "$archive: $why; not requeued here, for the job is being ended from outside" >&2
    return
  fi
  if [[ $(progress_of "$program" "$archive") != "$before" ]]; then
    rm -f "$counter"
  else
    count_fruitless
  fi
  if ((fruitless >= allowed)); then
    rm -f "$counter"
    echo "$archive: $why; not requeued, for no point was done in $allowed starts in a row (see above)" >&2
    return
  fi
  echo "$archive: $why; requeued to continue" >&2
  for attempt in {1..10}; do
    scontrol requeue "$job" && return
    sleep "$attempt"
  done
  echo "$archive: could not be requeued; submit the job again to continue" >&2
}

# Makes `fruitless` the number of starts in a row in which nothing was done. Where the file cannot be kept, as on a full
# disk, that is every start: nothing can be done there either.
count_fruitless() {
  local earlier=''
  [[ ! -s $counter ]] || earlier=$(<"$counter")
  [[ $earlier =~ ^[0-9]+$ ]] || earlier=0
  fruitless=$((earlier + 1))
  if ! echo "$fruitless" 2>/dev/null >"$counter" || [[ $(<"$counter") != "$fruitless" ]]; then
    fruitless=$((${SLURM_RESTART_COUNT:-0} + 1))
  fi
} 2>/dev/null
