package io.jobwatch.topic.access;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourceType;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the cluster, without changing anything, which rights its user lacks. What it cannot tell is not taken for missing: the operations on
 * a group that does not exist yet (only whether it may be described), and those on a transactional id beyond that.
 */
public final class RightsCheck {
    private static final Logger LOG = LoggerFactory.getLogger(RightsCheck.class);

    private final Admin admin;

    /** @param admin as the user whose rights are asked for */
    public RightsCheck(Admin admin) {
        this.admin = admin;
    }

    /** {@return those of the rights that are missing, in their order} */
    public List<Right> missing(List<Right> needed) {
        List<Right> missing = new ArrayList<>();
        missing.addAll(onTopics(needed.stream().filter(right -> right.type() == ResourceType.TOPIC).toList()));
        missing.addAll(onGroups(needed.stream().filter(right -> right.type() == ResourceType.GROUP).toList()));
        missing.addAll(onTransactionalIds(needed.stream().filter(right -> right.type() == ResourceType.TRANSACTIONAL_ID).toList()));
        return needed.stream().filter(missing::contains).toList();
    }

    private List<Right> onTopics(List<Right> rights) {
        Map<String, KafkaFuture<TopicDescription>> answers = admin.describeTopics(names(rights),
                new DescribeTopicsOptions().includeAuthorizedOperations(true)).topicNameValues();
        List<Right> missing = new ArrayList<>();
        List<Right> toCreate = new ArrayList<>();
        answers.forEach((name, answer) -> {
            List<Right> onIt = rights.stream().filter(right -> right.name().equals(name)).toList();
            try {
                Set<AclOperation> allowed = answer.get().authorizedOperations();
                onIt.stream().filter(right -> right.operation() != AclOperation.CREATE).filter(isNotIn(allowed)).forEach(missing::add);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof AuthorizationException) {
                    missing.addAll(onIt);
                } else if (e.getCause() instanceof UnknownTopicOrPartitionException) {
                    onIt.stream().filter(right -> right.operation() == AclOperation.CREATE).forEach(toCreate::add);
                } else {
                    notTold("topic " + name, e);
                }
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        });
        missing.addAll(toCreate(toCreate));
        return missing;
    }

    /** The broker looks at the right to create a topic before anything else of the request, and then only validates it. */
    private List<Right> toCreate(List<Right> rights) {
        Map<String, KafkaFuture<Void>> answers = admin.createTopics(rights.stream()
                .map(right -> new NewTopic(right.name(), Optional.of(1), Optional.<Short>empty())).toList(),
                new CreateTopicsOptions().validateOnly(true)).values();
        return rights.stream().filter(right -> refused(right, answers.get(right.name()).thenApply(created -> false))).toList();
    }

    private List<Right> onGroups(List<Right> rights) {
        Map<String, KafkaFuture<ConsumerGroupDescription>> answers = admin.describeConsumerGroups(names(rights),
                new DescribeConsumerGroupsOptions().includeAuthorizedOperations(true)).describedGroups();
        return rights.stream().filter(right -> refused(right,
                answers.get(right.name()).thenApply(group -> isNotIn(group.authorizedOperations()).test(right)))).toList();
    }

    /** The rights are for all ids that begin so: whether one of them may be described tells of all. */
    private List<Right> onTransactionalIds(List<Right> rights) {
        Map<Right, String> ids = new LinkedHashMap<>();
        rights.forEach(right -> ids.put(right, right.pattern() == PatternType.PREFIXED ? right.name() + "0" : right.name()));
        DescribeTransactionsResult answers = admin.describeTransactions(ids.values());
        return rights.stream().filter(right -> refused(right,
                answers.description(ids.get(right)).thenApply(described -> false))).toList();
    }

    /** @param lacking says of an answer whether the right is missing; waited for */
    private static boolean refused(Right right, KafkaFuture<Boolean> lacking) {
        try {
            return lacking.get();
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException) {
                return true;
            }
            notTold(right.resource(), e);   // there is no such group or id yet, most often
            return false;
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private static void notTold(String what, ExecutionException e) {
        LOG.debug("the rights on {} cannot be asked for: {}", what, e.getCause().toString());
    }

    /** A broker that does not know the question answers nothing. */
    private static Predicate<Right> isNotIn(Set<AclOperation> allowed) {
        return right -> allowed != null && !allowed.isEmpty() && !allowed.contains(right.operation());
    }

    private static Collection<String> names(List<Right> rights) {
        return rights.stream().map(Right::name).collect(Collectors.toSet());
    }
}
