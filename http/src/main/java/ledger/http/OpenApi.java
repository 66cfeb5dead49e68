package ledger.http;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.joining;
import static java.util.stream.Collectors.toList;

import com.fasterxml.jackson.annotation.JsonAnyGetter;
import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.swagger.v3.core.converter.AnnotatedType;
import io.swagger.v3.core.converter.ModelConverter;
import io.swagger.v3.core.converter.ModelConverters;
import io.swagger.v3.core.converter.ResolvedSchema;
import io.swagger.v3.core.util.Json;
import io.swagger.v3.core.util.RefUtils;
import io.swagger.v3.oas.models.Components;
import io.swagger.v3.oas.models.OpenAPI;
import io.swagger.v3.oas.models.Operation;
import io.swagger.v3.oas.models.info.Info;
import io.swagger.v3.oas.models.media.Content;
import io.swagger.v3.oas.models.media.Schema;
import io.swagger.v3.oas.models.media.StringSchema;
import io.swagger.v3.oas.models.parameters.HeaderParameter;
import io.swagger.v3.oas.models.responses.ApiResponse;
import io.swagger.v3.oas.models.security.SecurityRequirement;
import io.swagger.v3.oas.models.security.SecurityScheme;
import io.swagger.v3.oas.models.servers.Server;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Currency;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import ledger.api.CustomerId;
import ledger.api.Metric;
import ledger.api.PlanSlug;
import ledger.api.Problem;
import ledger.api.ProductSlug;
import ledger.api.Reference;
import ledger.api.SubscriptionId;
import org.jspecify.annotations.Nullable;
import org.springdoc.core.customizers.GlobalOpenApiCustomizer;
import org.springdoc.core.customizers.GlobalOperationCustomizer;
import org.springdoc.core.utils.SpringDocUtils;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.MethodParameter;
import org.springframework.http.MediaType;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.method.HandlerMethod;

/** The description of the interface, made from the controllers, with every status and problem that each can answer. */
@Configuration(proxyBeanMethods = false)
class OpenApi {

    private static final String TOKEN = "token";

    /** Those that were met, by their names in the description. */
    private final Map<String, Class<?>> records = new ConcurrentHashMap<>();

    static {
        // what a value is written as; as a parameter, the library would take a record for a group of parameters
        Stream.of(CustomerId.class, Metric.class, PlanSlug.class, ProductSlug.class, Reference.class)
                .forEach(text -> replace(text, String.class));
        replace(SubscriptionId.class, UUID.class);
        SpringDocUtils.getConfig()
                .addRequestWrapperToIgnore(Caller.class, IdempotencyKey.class)
                .replaceWithClass(Currency.class, String.class)
                .replaceWithClass(ZoneId.class, String.class)
                .replaceWithClass(LocalTime.class, String.class);
    }

    private static void replace(Class<?> value, Class<?> written) {
        SpringDocUtils.getConfig()
                .replaceWithClass(value, written)
                .replaceParameterObjectWithClass(value, written)
                .addSimpleTypesForParameterObject(value);
    }

    @Bean
    OpenAPI description() {
        ResolvedSchema problem = ModelConverters.getInstance(true)
                .resolveAsResolvedSchema(new AnnotatedType(ProblemDetails.class).resolveAsRef(false));
        require(problem.schema, ProblemDetails.class);
        Components components = new Components()
                .addSchemas("Problem", problem.schema)
                .addSecuritySchemes(
                        TOKEN,
                        new SecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .bearerFormat("JWT"));
        problem.referencedSchemas.forEach(components::addSchemas);
        return new OpenAPI()
                .info(new Info().title("Subscription ledger").version("v1").description("""
                                Subscriptions whose whole history is kept. Money is in minor units, times are RFC 3339, ids are opaque. \
                                Every POST takes an Idempotency-Key; commands answer the Ledger-Position of what they stored, \
                                and a GET that carries it sees at least that."""))
                // The address that it was read at, whatever a proxy on the way makes of that.
                .addServersItem(new Server().url("/"))
                .components(components);
    }

    /** What a record does not declare {@code @Nullable} is required on the way in and never missing on the way out. */
    @Bean
    ModelConverter requiredByNullness() {
        return (type, context, chain) -> {
            Schema<?> schema = chain.hasNext() ? chain.next().resolve(type, context, chain) : null;
            Class<?> raw = Json.mapper().constructType(type.getType()).getRawClass();
            String name = schema == null || schema.get$ref() == null
                    ? null
                    : (String) RefUtils.extractSimpleName(schema.get$ref()).getLeft();
            Schema<?> model = name == null ? null : context.getDefinedModels().get(name);
            if (raw.isRecord()) {
                records.put(raw.getSimpleName(), raw);
            }
            if (raw.isRecord() && model != null) {
                require(model, raw);
            }
            return schema;
        };
    }

    /** The same for those that were met as part of something else first. */
    @Bean
    GlobalOpenApiCustomizer requiredOfAll() {
        return api -> api.getComponents().getSchemas().forEach((name, model) -> {
            Class<?> known = records.get(name);
            if (known != null) {
                require(model, known);
            }
        });
    }

    private static void require(Schema<?> model, Class<?> known) {
        if (model.getRequired() == null) {
            required(known).forEach(model::addRequiredItem);
        }
    }

    private static Stream<String> required(Class<?> type) {
        return Arrays.stream(type.getRecordComponents())
                .filter(component -> !component.getAnnotatedType().isAnnotationPresent(Nullable.class)
                        && !component.getAccessor().isAnnotationPresent(JsonIgnore.class)
                        && !component.getAccessor().isAnnotationPresent(JsonAnyGetter.class))
                .flatMap(component -> component.getAccessor().isAnnotationPresent(JsonUnwrapped.class)
                        ? required(component.getType())
                        : Stream.of(component.getName()));
    }

    @Bean
    GlobalOperationCustomizer rolesOfEachEndpoint() {
        return OpenApi::withRoles;
    }

    private static Operation withRoles(Operation operation, HandlerMethod method) {
        Role[] roles = rolesOf(method);
        if (roles.length > 0) {
            String names = Arrays.stream(roles).map(Role::claim).collect(joining(", "));
            String text = operation.getDescription() == null ? "" : operation.getDescription() + "\n\n";
            operation.description(text + "For: " + names).addSecurityItem(new SecurityRequirement().addList(TOKEN));
        }
        return operation;
    }

    /** Those that need a token. */
    private static Role[] rolesOf(HandlerMethod method) {
        Allowed allowed = method.getMethodAnnotation(Allowed.class);
        return allowed == null || List.of(allowed.value()).contains(Role.ANONYMOUS) ? new Role[0] : allowed.value();
    }

    @Bean
    GlobalOperationCustomizer keysOfWhatIsDone() {
        return (operation, method) -> method.hasMethodAnnotation(GetMapping.class)
                ? operation
                : operation.addParametersItem(new HeaderParameter()
                        .name(Headers.IDEMPOTENCY_KEY)
                        .description(
                                "1 to 255 characters. The same request with the same key is answered again, not done again.")
                        .schema(new StringSchema().minLength(1).maxLength(255)));
    }

    @Bean
    GlobalOperationCustomizer problemsOfEachEndpoint() {
        return OpenApi::withProblems;
    }

    private static Operation withProblems(Operation operation, HandlerMethod method) {
        problemsOf(method)
                .distinct()
                .sorted(Comparator.naturalOrder())
                .collect(groupingBy(Problem::status, TreeMap::new, toList()))
                .forEach((status, problems) ->
                        operation.getResponses().addApiResponse(String.valueOf(status), response(problems)));
        return operation;
    }

    private static ApiResponse response(List<Problem> problems) {
        String codes = problems.stream()
                .map(problem -> "`" + problem.code() + "`: " + problem.title())
                .collect(joining("\n\n"));
        Schema<?> schema = new Schema<>().$ref("#/components/schemas/Problem");
        return new ApiResponse()
                .description(codes)
                .content(new Content()
                        .addMediaType(
                                MediaType.APPLICATION_PROBLEM_JSON_VALUE,
                                new io.swagger.v3.oas.models.media.MediaType().schema(schema)));
    }

    private static Stream<Problem> problemsOf(HandlerMethod method) {
        Answers own = method.getMethodAnnotation(Answers.class);
        boolean mayBeSentBody = !method.hasMethodAnnotation(GetMapping.class);
        return Stream.of(
                        own == null ? Stream.<Problem>empty() : Arrays.stream(own.value()),
                        Arrays.stream(method.getMethodParameters()).flatMap(OpenApi::problemsOf),
                        mayBeSentBody
                                ? Stream.of(
                                        Problem.MALFORMED_JSON,
                                        Problem.INVALID_BODY,
                                        Problem.BODY_TOO_LARGE,
                                        Problem.UNSUPPORTED_MEDIA_TYPE)
                                : Stream.<Problem>empty(),
                        rolesOf(method).length > 0
                                ? Stream.of(Problem.UNAUTHENTICATED, Problem.FORBIDDEN)
                                : Stream.of(Problem.UNAUTHENTICATED),
                        Stream.of(
                                Problem.RATE_LIMITED,
                                Problem.HEADERS_TOO_LARGE,
                                Problem.INVALID_REQUEST,
                                Problem.UNKNOWN_PARAMETER,
                                Problem.INVALID_PARAMETER,
                                Problem.NOT_ACCEPTABLE,
                                Problem.INTERNAL_ERROR,
                                Problem.UNAVAILABLE))
                .flatMap(problems -> problems);
    }

    private static Stream<Problem> problemsOf(MethodParameter parameter) {
        Answers answers = parameter.getParameterType().getAnnotation(Answers.class);
        return answers == null ? Stream.empty() : Arrays.stream(answers.value());
    }
}
