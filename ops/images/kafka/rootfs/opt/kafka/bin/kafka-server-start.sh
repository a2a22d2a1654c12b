#!/bin/bash
# Runs the broker: kafka-server-start.sh FILE
set -euo pipefail

export KAFKA_HEAP_OPTS=${KAFKA_HEAP_OPTS:--Xms256M -Xmx1G}
export KAFKA_JVM_PERFORMANCE_OPTS=${KAFKA_JVM_PERFORMANCE_OPTS:--XX:+UseG1GC -XX:SharedArchiveFile=/opt/kafka/kafka.jsa -Xlog:disable}
config=/opt/kafka/config/log4j2.yaml
[ -e "$config" ] || config=/etc/kafka/docker/log4j2.yaml
export KAFKA_LOG4J_OPTS=${KAFKA_LOG4J_OPTS:--Dlog4j2.configurationFile=$config}
exec /opt/kafka/bin/kafka-run-class.sh kafka.Kafka "$1"
