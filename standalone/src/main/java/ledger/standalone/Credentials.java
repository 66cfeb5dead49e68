package ledger.standalone;

import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import ledger.issuer.AdminClient;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import tools.jackson.databind.json.JsonMapper;

/** Which ledger the command line speaks to, and as whom: as the admin client of the data directory, unless it is told otherwise. */
final class Credentials {

    @Option(
            names = "--url",
            defaultValue = "http://localhost:${env:LEDGER_PORT:-8080}",
            description = "The ledger. Default: ${DEFAULT-VALUE}.")
    private URI url = URI.create("");

    @Option(
            names = "--admin-client",
            defaultValue = "${env:LEDGER_DATA:-${sys:user.home}/.ledger}/admin-client.json",
            description = "The file with clientId and clientSecret. Default: admin-client.json in LEDGER_DATA.")
    private Path file = Path.of("");

    @Option(names = "--client-id", defaultValue = "", description = "A client, instead of that in the file.")
    private String clientId = "";

    @Option(
            names = "--client-secret",
            defaultValue = "${env:LEDGER_CLIENT_SECRET:-}",
            description = "Its secret. LEDGER_CLIENT_SECRET.")
    private String clientSecret = "";

    @Option(
            names = "--token",
            defaultValue = "${env:LEDGER_TOKEN:-}",
            description = "A token of another issuer, instead of a client. LEDGER_TOKEN.")
    private String token = "";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command = CommandSpec.create();

    URI url() {
        return url;
    }

    LedgerClient connect() {
        boolean isWeb = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
        if (!isWeb || url.getHost() == null) {
            throw new ParameterException(
                    command.commandLine(), "--url must be an address such as http://localhost:8080, and not " + url);
        }
        return new LedgerClient(url, this);
    }

    /** An access token for the ledger at this address. */
    String token(String ledger) {
        if (!token.isBlank()) {
            return token;
        }
        AdminClient client = clientId.isBlank() ? fromFile() : new AdminClient(clientId, clientSecret);
        String basic = Base64.getEncoder()
                .encodeToString((client.clientId() + ":" + client.clientSecret()).getBytes(StandardCharsets.UTF_8));
        HttpRequest request = HttpRequest.newBuilder(URI.create(ledger + "/oauth2/token"))
                .header("Authorization", "Basic " + basic)
                .header("Content-Type", "application/x-www-form-urlencoded")
                .POST(BodyPublishers.ofString("grant_type=client_credentials"))
                .build();
        try (HttpClient http = HttpClient.newHttpClient()) {
            HttpResponse<String> answer = http.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new CannotGoOn("the ledger at " + ledger + " gives " + client.clientId()
                        + " no token: it answered " + answer.statusCode() + " " + answer.body());
            }
            return new JsonMapper().readTree(answer.body()).path("access_token").asString();
        } catch (ConnectException e) {
            throw LedgerClient.nobodyAt(ledger);
        } catch (IOException e) {
            throw new CannotGoOn("the connection to " + ledger + " broke", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CannotGoOn("interrupted");
        }
    }

    private AdminClient fromFile() {
        try {
            return AdminClient.read(file);
        } catch (IOException e) {
            throw new CannotGoOn("the admin client's secret cannot be read from " + file
                    + ": let LEDGER_DATA be that of the ledger, or give --client-id and --client-secret");
        }
    }
}
