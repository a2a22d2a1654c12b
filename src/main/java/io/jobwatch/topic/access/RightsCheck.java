package io.jobwatch.topic.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.ApiException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.GroupAuthorizationException;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TransactionalIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;

/**
 * Asks the cluster, without changing anything, which rights its user lacks. What it does not tell is not taken for missing: the operations
 * on a topic or group that does not exist yet (only whether it may be described), and those on a transactional id beyond that.
 */
public final class RightsCheck {
    private static final String NOT_EVEN_DESCRIBE = "this user may not even describe it";
    private static final String NOT_THERE = "it does not exist yet";

    private final Admin admin;

    /** @param admin as the user whose rights are asked for */
    public RightsCheck(Admin admin) {
        this.admin = admin;
    }

    /** {@return which of the rights are missing, and of which that is not known} Waits as long as the client's own limits let it. */
    public RightsAnswer ask(List<Right> needed) {
        Asking asking = new Asking();
        asking.onTopics(of(ResourceType.TOPIC, needed));
        asking.onGroups(of(ResourceType.GROUP, needed));
        asking.onTransactionalIds(of(ResourceType.TRANSACTIONAL_ID, needed));
        return new RightsAnswer(inOrder(needed, asking.missing), inOrder(needed, asking.untold));
    }

    private static List<Right> of(ResourceType type, List<Right> rights) {
        return rights.stream().filter(right -> right.type() == type).toList();
    }

    private static Map<Right, String> inOrder(List<Right> order, Map<Right, String> rights) {
        Map<Right, String> result = new LinkedHashMap<>();
        order.stream().filter(rights::containsKey).forEach(right -> result.put(right, rights.get(right)));
        return result;
    }

    private final class Asking {
        private final Map<Right, String> missing = new HashMap<>();
        private final Map<Right, String> untold = new HashMap<>();

        private void onTopics(List<Right> rights) {
            Map<String, KafkaFuture<TopicDescription>> answers = admin.describeTopics(names(rights),
                    new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues();
            List<Right> toCreate = new ArrayList<>();
            for (Right right : rights) {
                try {
                    Set<AclOperation> allowed = get(answers.get(right.name())).authorizedOperations();
                    if (right.operation() != AclOperation.CREATE) {
                        judge(right, allowed);
                    }
                } catch (AuthorizationException e) {
                    missing.put(right, NOT_EVEN_DESCRIBE);
                } catch (UnknownTopicOrPartitionException e) {
                    if (right.operation() == AclOperation.CREATE) {
                        toCreate.add(right);
                    } else {
                        notThere(right);
                    }
                } catch (ApiException e) {
                    untold.put(right, reason(e));
                }
            }
            toCreate(toCreate);
        }

        /** The broker looks at the right to create a topic before anything else of the request, and then only validates it. */
        private void toCreate(List<Right> rights) {
            Map<String, KafkaFuture<Void>> answers = admin.createTopics(rights.stream()
                    .map(right -> new NewTopic(right.name(), Optional.of(1), Optional.<Short>empty())).toList(),
                    new CreateTopicsOptions().validateOnly(true)).values();
            for (Right right : rights) {
                try {
                    get(answers.get(right.name()));
                } catch (AuthorizationException e) {
                    missing.put(right, "it is not there, and this user may not create it");
                } catch (ApiException e) {
                    if (e instanceof RetriableException) {   // any other is what came of validating it
                        untold.put(right, reason(e));
                    }
                }
            }
        }

        private void onGroups(List<Right> rights) {
            Map<String, KafkaFuture<ConsumerGroupDescription>> answers = admin.describeConsumerGroups(names(rights),
                    new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)).describedGroups();
            for (Right right : rights) {
                try {
                    judge(right, allowed(right.name(), answers.get(right.name())));
                } catch (GroupAuthorizationException e) {
                    missing.put(right, NOT_EVEN_DESCRIBE);
                } catch (GroupIdNotFoundException e) {
                    notThere(right);
                } catch (ApiException e) {   // of the topics of a streams group, too, which say nothing of the group
                    untold.put(right, reason(e));
                }
            }
        }

        /** A group of the protocol of Kafka Streams answers to no question for consumer groups. */
        private Set<AclOperation> allowed(String group, KafkaFuture<ConsumerGroupDescription> answer) {
            try {
                return get(answer).authorizedOperations();
            } catch (GroupIdNotFoundException e) {
                try {
                    return get(admin.describeStreamsGroups(List.of(group), new DescribeStreamsGroupsOptions()
                            .includeAuthorizedOperations(true)).describedGroups().get(group)).authorizedOperations();
                } catch (UnsupportedVersionException old) {
                    throw e;   // brokers that know no such groups have none
                }
            }
        }

        /** The rights are for all ids that begin so: whether one of them may be described tells of all. */
        private void onTransactionalIds(List<Right> rights) {
            Map<Right, String> ids = new LinkedHashMap<>();
            rights.forEach(right -> ids.put(right, right.pattern() == PatternType.PREFIXED ? right.name() + "0" : right.name()));
            DescribeTransactionsResult answers = admin.describeTransactions(ids.values());
            ids.forEach((right, id) -> {
                try {
                    get(answers.description(id));
                    untold.put(right, "beyond DESCRIBE");
                } catch (AuthorizationException e) {
                    missing.put(right, "this user may not even describe the transactional id " + id);
                } catch (TransactionalIdNotFoundException e) {
                    untold.put(right, "beyond DESCRIBE");
                } catch (ApiException e) {
                    untold.put(right, reason(e));
                }
            });
        }

        /** READ and WRITE imply DESCRIBE, which the brokers list then, too. One that does not know the question lists nothing. */
        private void judge(Right right, Set<AclOperation> allowed) {
            if (allowed == null || allowed.isEmpty()) {
                untold.put(right, "the brokers do not tell");
            } else if (!allowed.contains(right.operation()) && !allowed.contains(AclOperation.ALL)) {
                missing.put(right, "this user may only " + allowed.stream().map(AclOperation::name).sorted()
                        .collect(Collectors.joining(", ")));
            }
        }

        /** A broker says so only to who may describe it. */
        private void notThere(Right right) {
            if (right.operation() != AclOperation.DESCRIBE) {
                untold.put(right, NOT_THERE);
            }
        }
    }

    /** @throws ApiException what the broker refuses with, or that there is no answer */
    private static <T> T get(KafkaFuture<T> answer) {
        try {
            return answer.get();
        } catch (ExecutionException e) {
            throw e.getCause() instanceof ApiException refused ? refused : new ApiException(e.getCause());
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static String reason(ApiException failure) {
        return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
    }

    private static Collection<String> names(List<Right> rights) {
        return rights.stream().map(Right::name).collect(Collectors.toSet());
    }
}
