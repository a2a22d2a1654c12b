#!/bin/bash
# Runs a class of Kafka: kafka-run-class.sh CLASS [ARGUMENT...]. The variables are those of Kafka's own script.
set -euo pipefail

jars=(/opt/kafka/libs/*.jar)   # in a fixed order: the archive of read classes is bound to it
classpath=$(IFS=:; printf '%s' "${jars[*]}")
config=/opt/kafka/config/tools-log4j2.yaml
[ -e "$config" ] || config=/etc/kafka/docker/tools-log4j2.yaml
performance=${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:SharedArchiveFile=/opt/kafka/storage.jsa -Xlog:disable}
# shellcheck disable=SC2086  # each variable may hold several options
exec java ${KAFKA_HEAP_OPTS:--Xmx256M} $performance -Djava.awt.headless=true \
  ${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$config} ${KAFKA_OPTS-} -cp "$classpath" "$@"
