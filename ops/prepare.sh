#!/bin/sh
# Makes what docker-compose.yml reads from ops/secrets/: passwords, keys, and a certificate of this machine's own. What is there already is
# kept. Takes openssl; put a real certificate in place of tls.crt and tls.key.
set -eu
cd "$(dirname "$0")"
umask 077
mkdir -p secrets
cd secrets
random() { openssl rand -base64 "$1" | tr -d '\n=' | tr '+/' '-_'; }
keep() { [ -s "$1" ] || { printf '%s' "$2" > "$1.new" && mv "$1.new" "$1"; }; }
for name in sql_owner_password sql_app_password graph_password vectors_key coordination_password blobs_key grafana_password; do
  keep "$name" "$(random 24)"
done
keep blobs_key_id passerelle
# Seals what is personal: without it nothing of that can be read again. Keep a copy elsewhere, and never beside the backups.
keep master_key "$(random 32)"
# Of servers outside; whoever uses one writes its key here.
for name in smtp_password openai_api_key speech_api_key; do
  [ -e "$name" ] || : > "$name"
done
keep passerelle.json "{\"tokenKey\":\"$(random 32)\",\"fileKey\":\"$(random 32)\",\"demoPassword\":\"$(random 12)\"}"
if [ ! -s tls.crt ]; then
  openssl req -x509 -newkey rsa:2048 -nodes -days 825 -keyout tls.key.new -out tls.crt.new \
    -subj "/CN=${1:-localhost}" -addext "subjectAltName=DNS:${1:-localhost}" 2>/dev/null
  mv tls.key.new tls.key
  mv tls.crt.new tls.crt
fi
# Containers read them under accounts of their own; the folder keeps everybody else of this machine out.
chmod 444 ./*
echo "ops/secrets/ is complete."
