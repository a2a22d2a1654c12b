#!/bin/bash
# Kafka's tools by the names of their scripts, which are links to this one.
set -euo pipefail

case ${0##*/} in
  kafka-broker-api-versions.sh) class=org.apache.kafka.tools.BrokerApiVersionsCommand ;;
  kafka-configs.sh) class=kafka.admin.ConfigCommand ;;
  kafka-console-consumer.sh) class=org.apache.kafka.tools.consumer.ConsoleConsumer ;;
  kafka-console-producer.sh) class=org.apache.kafka.tools.ConsoleProducer ;;
  kafka-consumer-groups.sh) class=org.apache.kafka.tools.consumer.group.ConsumerGroupCommand ;;
  kafka-features.sh) class=org.apache.kafka.tools.FeatureCommand ;;
  kafka-reassign-partitions.sh) class=org.apache.kafka.tools.reassign.ReassignPartitionsCommand ;;
  kafka-storage.sh) class=kafka.tools.StorageTool ;;
  kafka-streams-groups.sh) class=org.apache.kafka.tools.streams.StreamsGroupCommand ;;
  kafka-topics.sh) class=org.apache.kafka.tools.TopicCommand ;;
  *) echo "not one of Kafka's tools in this image: ${0##*/}" >&2; exit 2 ;;
esac
exec /opt/kafka/bin/kafka-run-class.sh "$class" "$@"
