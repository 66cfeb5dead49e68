package ledger.standalone;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import ledger.standalone.LedgerClient.Request;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** A token for people at the machine: who can read the admin client's secret may be anybody. */
@Command(
        name = "token",
        description = {
            "Print an access token, good for an hour: curl -H \"Authorization: Bearer $(./ledger token)\" …",
            "Without options it is the admin client's own; otherwise that has one made, which its issuer keeps no note of."
        },
        mixinStandardHelpOptions = true)
final class Token implements Callable<Integer> {

    @Option(
            names = "--role",
            defaultValue = "admin",
            split = ",",
            description = "customer, manager, operator, auditor or admin; several with commas. Default: admin.")
    private List<String> roles = List.of();

    @Option(
            names = {"--subject", "--customer"},
            defaultValue = "",
            description = "Whose token it is; a customer's is its customer id. Default: the admin client.")
    private String subject = "";

    @Option(names = "--tenant", defaultValue = "", description = "The tenant. Default: that of the admin client.")
    private String tenant = "";

    @Mixin
    private Credentials credentials = new Credentials();

    @Spec
    private CommandSpec command = CommandSpec.create();

    @Override
    public Integer call() {
        LedgerClient ledger = credentials.connect();
        boolean own = roles.equals(List.of("admin")) && subject.isEmpty() && tenant.isEmpty();
        command.commandLine().getOut().println(own ? ledger.token() : minted(ledger));
        return 0;
    }

    private String minted(LedgerClient ledger) {
        Map<String, Object> wanted = new LinkedHashMap<>(Map.of("roles", roles));
        if (!subject.isEmpty()) {
            wanted.put("subject", subject);
        }
        if (!tenant.isEmpty()) {
            wanted.put("tenant", tenant);
        }
        return ledger.send(Request.post("/v1/admin/tokens", null, wanted))
                .path("accessToken")
                .asString();
    }
}
