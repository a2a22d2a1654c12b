#!/bin/sh
# The service "setup" of docker-compose.yml: makes the tokens, the topics and the schemas that are not there, and says how to sign in.
# Doing it again changes nothing.
set -eu
umask 077
cd /run/jobwatch

# made FILE MODE: the content comes from standard input; a file is there whole or not at all
made() {
  cat >"$1.new"
  [ -s "$1.new" ] || { echo "setup: nothing came to be written to $1" >&2; exit 1; }
  chmod "$2" "$1.new"
  mv "$1.new" "$1"
}

# token NAME MODE: NAME.token, with this mode, and NAME.sha256, which stands for it in the configuration
token() {
  if [ -s "$1.token" ] && [ -s "$1.sha256" ]; then return; fi
  answer=$(jobwatch token --name "$1" -o json)
  printf '%s\n' "$answer" | sed -n 's/.*"token" *: *"\([^"]*\)".*/\1/p' | made "$1.token" "$2"
  printf '%s\n' "$answer" | sed -n 's/.*"sha256" *: *"\([^"]*\)".*/\1/p' | made "$1.sha256" 644
}

token console 600
# Prometheus and Grafana are other users than jobwatch.
token prometheus 644
[ -s grafana.password ] || head -c 24 /dev/urandom | base64 | tr '+/' '-_' | made grafana.password 644

# A machine that is busy starting everything may not answer in time.
tries=1
until jobwatch setup -c /etc/jobwatch/jobwatch.yaml; do
  [ "$tries" -lt 5 ] || exit 1
  tries=$((tries + 1))
  sleep 5
done

# The way to the token, not the token: logs are kept, and passed on.
if [ "$JOBWATCH_PORT" = 0 ]; then
  cat <<END

  The console will be there in a few seconds, on a port that Docker chooses, and asks for a token; these commands show the two:

      docker compose port jobwatch 8080
      docker compose exec jobwatch cat /run/jobwatch/console.token

END
else
  cat <<END

  The console will be at http://localhost:$JOBWATCH_PORT/ in a few seconds. It asks for a token; this command shows it:

      docker compose exec jobwatch cat /run/jobwatch/console.token

END
fi
