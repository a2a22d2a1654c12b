#!/usr/bin/env bash
# Renders the kustomizations of ops/kubernetes and checks them without a cluster: against the API's schemas, against each other, the image and
# the README, and the configurations by jobwatch itself.
# Usage: .ci/kubernetes.sh DIR     needs kubectl (Debian: kubernetes-client), node, npm, Java, and target/jobwatch.jar
set -euo pipefail

[ $# = 1 ] || { echo 'usage: .ci/kubernetes.sh DIR' >&2; exit 2; }
dir=$1/kubernetes
cd "$(dirname "${BASH_SOURCE[0]}")/.."

fail() {
  printf '.ci/kubernetes.sh: %s\n' "$*" >&2
  exit 1
}

[ -f target/jobwatch.jar ] || fail 'target/jobwatch.jar is not there: mvn package'
rm -rf "$dir/tree" "$dir/rendered"
mkdir -p "$dir/rendered"
cp -r ops/kubernetes "$dir/tree"

if ! [ -d "$dir/node_modules/kubernetes-models" ]; then
  # Validators made from the OpenAPI document of Kubernetes 1.27, and a parser.
  echo '{"private": true, "dependencies": {"kubernetes-models": "4.5.1", "yaml": "2.9.1"}}' >"$dir/package.json"
  npm install --prefix "$dir" --no-package-lock --ignore-scripts --no-audit --no-fund --loglevel=error >"$dir/npm.log" 2>&1 \
    || { cat "$dir/npm.log" >&2; fail 'npm could not install the schemas, see above'; }
fi

# Debian 12 has kubectl 1.20, whose kustomize knows two of the fields by their old names only. From 1.21 on they are read as they stand.
if kubectl kustomize --help 2>&1 | grep -q -- --load-restrictor; then
  old=false
else
  old=true
fi
files=()
while IFS= read -r kustomization; do
  if $old && grep -q '^ *- \.\./' "$kustomization"; then
    sed -i -e 's/^resources:$/bases:/' -e 's/^patches:$/patchesStrategicMerge:/' -e 's/^  - path: /  - /' "$kustomization"
  fi
done < <(find "$dir/tree" -name kustomization.yaml)
while IFS= read -r kustomization; do
  folder=$(dirname "${kustomization#"$dir/tree/"}")
  file=$dir/rendered/${folder//\//-}.yaml
  kubectl kustomize "$dir/tree/$folder" >"$file" 2>"$dir/kustomize.log" || { cat "$dir/kustomize.log" >&2; fail "$folder cannot be rendered, see above"; }
  [ ! -s "$dir/kustomize.log" ] || { cat "$dir/kustomize.log" >&2; fail "kubectl warns of $folder, see above"; }
  files+=("$file")
done < <(find "$dir/tree" -name kustomization.yaml | sort)

cp .ci/kubernetes.mjs "$dir/"
node "$dir/kubernetes.mjs" . "${files[@]}"

# Files stand in for the Secret's.
rm -rf "$dir/secrets"
mkdir -p "$dir/secrets"
{ keytool -genkeypair -alias ca -keyalg EC -dname CN=ca -keystore "$dir/secrets/store" -storepass changeit >"$dir/keytool.log" 2>&1 \
  && keytool -exportcert -rfc -alias ca -keystore "$dir/secrets/store" -storepass changeit >"$dir/ca.crt" 2>>"$dir/keytool.log"; } \
  || { cat "$dir/keytool.log" >&2; fail 'keytool makes no certificate, see above'; }
for config in "$dir"/rendered/*.config.yaml; do
  sed -i "s#/var/run/secrets/jobwatch#$dir/secrets#g" "$config"
  grep -o "$dir/secrets[/:][A-Za-z0-9._-]*" "$config" | sed "s#.*[/:]##" | while IFS= read -r key; do
    case $key in
      *.crt) cp "$dir/ca.crt" "$dir/secrets/$key" ;;
      *) printf secret >"$dir/secrets/$key" ;;   # Kafka would take a line feed for a part of the password
    esac
  done
  java -XX:TieredStopAtLevel=1 -jar target/jobwatch.jar setup -c "$config" --write-schemas "$dir/schemas" >"$dir/config.log" 2>&1 \
    || { cat "$dir/config.log" >&2; fail "jobwatch refuses the configuration $(basename "$config"), see above"; }
  printf 'ok jobwatch takes the configuration %s\n' "$(basename "$config")"
done
