#!/usr/bin/env bash
# start.sh DIR: starts a private, one-node Slurm with everything it owns under DIR, and waits until its REST API
# answers. A DIR that stop.sh has stopped starts again with its ports, keys and jobs.
#
#   CLUSTER_NAME (jobwatch-test)  MIN_JOB_AGE (300, seconds an ended job stays listed)  NODE_CPUS (16, jobs at once)
#   TOKEN_LIFESPAN (86400, seconds)  START_TIMEOUT (60, seconds)
#
# Exit codes: 0 it runs, 1 it does not, 2 wrong usage, 3 it cannot run here (not root, or not installed).
set -euo pipefail

here=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)
# shellcheck source-path=SCRIPTDIR source=common.sh
source "$here/common.sh"

cluster=${CLUSTER_NAME:-jobwatch-test}
min_job_age=${MIN_JOB_AGE:-300}
cpus=${NODE_CPUS:-16}
lifespan=${TOKEN_LIFESPAN:-86400}
limit=${START_TIMEOUT:-60}

(($# == 1)) || die 2 'usage: start.sh DIR'
[[ "$cluster" =~ ^[a-z0-9_-]+$ ]] || die 2 "CLUSTER_NAME may hold only a-z, 0-9, _ and -: $cluster"
for number in min_job_age cpus lifespan limit; do
  [[ "${!number}" =~ ^[1-9][0-9]{0,8}$ ]] || die 2 "$number must be a whole number above 0: ${!number}"
done
((EUID == 0)) || die 3 'must run as root: slurmd starts jobs as their users, and slurmrestd needs a user of its own'
export PATH="$PATH:/usr/sbin:/sbin"
for tool in "${daemons[@]}" scontrol sinfo curl ss setpriv; do
  command -v "$tool" >/dev/null || die 3 "$tool is not installed; run ops/slurm/install.sh first"
done

dir=$(instance_dir "$1")
conf=$dir/etc/slurm.conf
for daemon in "${daemons[@]}"; do
  if pid=$(running "$dir" "$daemon"); then die 1 "$daemon (pid $pid) of $dir still runs; stop it first with stop.sh"; fi
done
unset SLURM_JWT SLURM_CONF     # of another instance, perhaps

began=$EPOCHREALTIME
millis() { printf '%d\n' "$(((${EPOCHREALTIME/[.,]/} - ${began/[.,]/}) / 1000))"; }

fail() { # daemon message
  printf '%s: %s\n' "$me" "$2" >&2
  if [[ -s "$dir/log/$1.log" ]]; then
    printf -- '--- the end of %s\n' "$dir/log/$1.log" >&2
    tail -n 25 "$dir/log/$1.log" >&2
  fi
  "$here/stop.sh" "$dir" >&2 || true
  exit 1
}
trap 'code=$?; "$here/stop.sh" "$dir" >&2 || true; exit "$code"' INT TERM

umask 022
mkdir -p "$dir"/{etc,run,log,state,spool}
chmod 700 "$dir"/{log,state}

# Below the ephemeral range, so that no outgoing connection takes the port between the look and the use.
taken=' '
free_port() {
  local port
  for _ in {1..200}; do
    port=$((20000 + SRANDOM % 12000))
    if [[ "$taken" != *" $port "* && -z "$(ss -Hltn "sport = :$port")" ]]; then
      taken+="$port "
      chosen=$port
      return
    fi
  done
  die 1 'found no free port between 20000 and 31999'
}
if [[ -r "$dir/etc/ports" ]]; then
  read -r controller_port node_port rest_port <"$dir/etc/ports"
else
  free_port && controller_port=$chosen
  free_port && node_port=$chosen
  free_port && rest_port=$chosen
  printf '%s %s %s\n' "$controller_port" "$node_port" "$rest_port" >"$dir/etc/ports"
fi

secret() { # file: 1024 random bytes, root's alone
  [[ -s "$1" ]] || (umask 077 && head -c 1024 /dev/urandom >"$1")
}
secret "$dir/etc/munge.key"
secret "$dir/etc/jwt.key"

host=$(hostname -s)
cat >"$conf" <<END
ClusterName=$cluster
SlurmctldHost=$host(127.0.0.1)
SlurmUser=root
SlurmdUser=root
SlurmctldPort=$controller_port
SlurmdPort=$node_port
# Listen on the loopback address alone.
CommunicationParameters=NoCtldInAddrAny,NoInAddrAny

AuthType=auth/munge
# A requeued job waits until its old credential has expired: 120 s by default.
AuthInfo=socket=$dir/run/munge.socket,cred_expire=5
CredType=cred/munge
AuthAltTypes=auth/jwt
AuthAltParameters=jwt_key=$dir/etc/jwt.key

StateSaveLocation=$dir/state
SlurmdSpoolDir=$dir/spool
SlurmctldPidFile=$dir/run/slurmctld.own.pid
SlurmdPidFile=$dir/run/slurmd.own.pid
PlugStackConfig=/dev/null
MailProg=/bin/true

# No control groups: the test machine may be a container.
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
MpiDefault=none
SwitchType=switch/none

SchedulerType=sched/backfill
SchedulerParameters=sched_interval=2,sched_min_interval=0,batch_sched_delay=0,bf_interval=2
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU

MinJobAge=$min_job_age
OverTimeLimit=0
KillWait=1
InactiveLimit=0
JobRequeue=1
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=120
MessageTimeout=20

# More processors than the machine has, so that several jobs run at once on any.
SlurmdParameters=config_overrides
NodeName=node1 NodeHostname=$host NodeAddr=127.0.0.1 CPUs=$cpus State=UNKNOWN
PartitionName=main Nodes=ALL Default=YES MaxTime=INFINITE State=UP
END

# Each daemon in the foreground and in a session of its own, so that $! is its pid and Ctrl-C in the caller's
# terminal does not reach it. No descriptor of the caller stays open in it: a caller that reads our output would hang.
# JOBWATCH_SLURM_DIR is the mark by which stop.sh knows its own; of slurmstepd, which hides it, the current folder.
launch() { # daemon command...
  local daemon=$1
  shift
  (
    cd "$dir/spool"
    JOBWATCH_SLURM_DIR=$dir exec setsid "$@" </dev/null >>"$dir/log/$daemon.log" 2>&1 \
      3>&- 4>&- 5>&- 6>&- 7>&- 8>&- 9<"$conf"
  ) &
  printf '%s\n' "$!" >"$dir/run/$daemon.pid"
}
await() { # daemon what command...
  local daemon=$1 what=$2 launched
  shift 2
  until "$@"; do
    for launched in "${daemons[@]}"; do
      if [[ -e "$dir/run/$launched.pid" ]] && ! kill -0 "$(<"$dir/run/$launched.pid")" 2>/dev/null; then
        fail "$launched" "$launched has ended by itself"
      fi
    done
    (($(millis) < limit * 1000)) || fail "$daemon" "waited $limit s in vain until $what"
    sleep 0.1
  done
}

rm -f "$dir/env" "$dir"/run/*
launch munged "$(command -v munged)" --foreground --force --num-threads=2 --key-file="$dir/etc/munge.key" \
  --socket="$dir/run/munge.socket" --pid-file="$dir/run/munged.own.pid" --seed-file="$dir/state/munge.seed" \
  --log-file="$dir/log/munged.log"
await munged 'its socket is there' test -S "$dir/run/munge.socket"

export SLURM_CONF=$conf
launch slurmctld "$(command -v slurmctld)" -D -f "$conf"
launch slurmd "$(command -v slurmd)" -D -N node1 -f "$conf"

new_token() { token=$("$here/token.sh" "$dir" "$lifespan" 2>/dev/null); }
await slurmctld 'it gives a token' new_token

# slurmrestd refuses root and SlurmUser, and nobody may not look into a folder like mktemp's: it gets its configuration
# as the open descriptor 9. SLURM_JWT=daemon: it authenticates callers with their own tokens only.
SLURM_CONF=/dev/fd/9 SLURM_JWT=daemon launch slurmrestd setpriv --reuid=nobody --regid=nogroup --clear-groups \
  "$(command -v slurmrestd)" -f /dev/fd/9 -a rest_auth/jwt -s openapi/v0.0.38 "127.0.0.1:$rest_port"

rest_answers() {
  local code
  # The token goes in by standard input: a command line can be read by every user of the machine.
  code=$(printf 'header = "X-SLURM-USER-TOKEN: %s"\n' "$token" | curl --silent --max-time 5 --config - \
    --header 'X-SLURM-USER-NAME: root' --output /dev/null --write-out '%{http_code}' \
    "http://127.0.0.1:$rest_port/slurm/v0.0.38/jobs") || true
  [[ "$code" == 200 ]]
}
await slurmrestd 'GET /slurm/v0.0.38/jobs answers 200' rest_answers
node_idle() { [[ "$(sinfo -h -N -o %T 2>/dev/null)" == @(idle|mixed|allocated) ]]; }
await slurmd 'the node is idle' node_idle

# Properties and shell at once: no value needs a quote.
(
  umask 077
  {
    printf 'SLURM_CONF=%s\n' "$conf"
    printf 'SLURMREST_URL=http://127.0.0.1:%s\n' "$rest_port"
    printf 'SLURM_CLUSTER=%s\n' "$cluster"
    printf 'SLURM_USER=root\nSLURM_JWT=%s\n' "$token"
    printf 'SLURMCTLD_PORT=%s\nSLURMD_PORT=%s\nSLURMREST_PORT=%s\n' "$controller_port" "$node_port" "$rest_port"
    for daemon in "${daemons[@]}"; do printf '%s_PID=%s\n' "${daemon^^}" "$(<"$dir/run/$daemon.pid")"; done
  } >"$dir/env.new"
  mv "$dir/env.new" "$dir/env"
)

printf 'Slurm cluster %s runs in %s after %s ms\n' "$cluster" "$dir" "$(millis)"
for daemon in "${daemons[@]}"; do printf '  %-10s pid %s\n' "$daemon" "$(<"$dir/run/$daemon.pid")"; done
printf '  REST API   http://127.0.0.1:%s/slurm/v0.0.38/jobs\n' "$rest_port"
printf '  settings   set -a; . %s/env; set +a\n' "$dir"
