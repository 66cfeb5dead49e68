package ledger.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import ledger.standalone.Client.Answer;

/** A plan {@code pro}, and those who subscribe to it by the month. */
final class Sales {

    private Sales() {}

    static void open(Client admin) {
        assertThat(admin.post("/v1/plans", """
                        {"slug": "pro", "name": "Pro", "prices": [{"term": {"every": 1, "unit": "MONTH"},
                            "amount": {"amount": 1900, "currency": "USD"}, "per": "FLAT"}]}""").status()).isEqualTo(201);
    }

    static Answer subscribe(Client client, String customer) {
        Answer answer = client.post(
                "/v1/subscriptions",
                "{\"customerId\": \"%s\", \"plan\": \"pro\", \"term\": {\"every\": 1, \"unit\": \"MONTH\"}}"
                        .formatted(customer));
        assertThat(answer.status()).isEqualTo(201);
        return answer;
    }
}
