package ledger.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import ledger.api.Upcasters.Step;
import org.junit.jupiter.api.Test;

/** An event that changed its shape twice, as none of ours has yet. */
class UpcastersTest {

    private static final String TYPE = "plan.retired";

    private static final Step NAMED =
            new Step(TYPE, 1, payload -> with(payload, "plan", payload.getOrDefault("slug", "")));
    private static final Step EXPLAINED = new Step(TYPE, 2, payload -> with(payload, "reason", "none was given"));

    private static Map<String, Object> with(Map<String, Object> payload, String key, Object value) {
        Map<String, Object> changed = new HashMap<>(payload);
        changed.put(key, value);
        return changed;
    }

    @Test
    void an_old_payload_takes_every_step_from_its_revision_on_in_order() {
        Upcasters upcasters = new Upcasters(List.of(EXPLAINED, NAMED));
        assertThat(upcasters.upcast(TYPE, 1, 3, Map.of("slug", "pro")))
                .isEqualTo(Map.of("slug", "pro", "plan", "pro", "reason", "none was given"));
        assertThat(upcasters.upcast(TYPE, 2, 3, Map.of("plan", "pro")))
                .isEqualTo(Map.of("plan", "pro", "reason", "none was given"));
    }

    @Test
    void a_revision_that_nothing_leads_from_is_found_before_any_event_is_read() {
        UnaryOperator<Map<String, Object>> any = UnaryOperator.identity();
        assertThatThrownBy(() -> new Upcasters(List.of(NAMED)).requireAll(TYPE, 3))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("revision 2 of plan.retired");
        new Upcasters(List.of(NAMED, new Step(TYPE, 2, any))).requireAll(TYPE, 3);
    }

    @Test
    void what_a_newer_version_wrote_is_refused_and_not_guessed_at() {
        assertThat(Upcasters.OURS.isCurrent(TYPE, 1)).isTrue();
        assertThatThrownBy(() -> Upcasters.OURS.isCurrent(TYPE, 2))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("known up to revision 1");
    }
}
