package ledger.command;

import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.headers.Header;
import io.swagger.v3.oas.models.media.IntegerSchema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import java.util.Arrays;
import ledger.http.Headers;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.http.HttpHeaders;
import org.springframework.web.method.HandlerMethod;

/** The headers that every command takes and answers, for the API description. */
@Configuration(proxyBeanMethods = false)
class CommandDescriptions {

    static {
        SpringDocUtils.getConfig().addRequestWrapperToIgnore(Intent.class);
    }

    @Bean
    GlobalOperationCustomizer headersOfCommands() {
        return CommandDescriptions::withHeaders;
    }

    private static Operation withHeaders(Operation operation, HandlerMethod method) {
        if (Arrays.stream(method.getMethodParameters()).noneMatch(p -> p.getParameterType() == Intent.class)) {
            return operation;
        }
        operation.addParametersItem(new HeaderParameter()
                .name(HttpHeaders.IF_MATCH)
                .description(
                        "The version that is expected, as an entity tag, or several; another one is answered with 412.")
                .schema(new StringSchema()));
        operation.getResponses().forEach((status, response) -> {
            if (status.startsWith("2")) {
                if (method.getBeanType() != UsageController.class) { // whose answer has no version
                    response.addHeaderObject(HttpHeaders.ETAG, header("The version", new StringSchema()));
                }
                response.addHeaderObject(
                        Headers.LEDGER_POSITION,
                        header("The position to read from", new IntegerSchema().format("int64")));
            }
        });
        return operation;
    }

    private static Header header(String description, io.swagger.v3.oas.models.media.Schema<?> schema) {
        return new Header().description(description).schema(schema);
    }
}
