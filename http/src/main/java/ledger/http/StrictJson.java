package ledger.http;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import java.lang.reflect.AnnotatedParameterizedType;
import java.lang.reflect.AnnotatedType;
import java.lang.reflect.RecordComponent;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.databind.BeanDescription;
import tools.jackson.databind.DeserializationConfig;
import tools.jackson.databind.DeserializationContext;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.ValueDeserializer;
import tools.jackson.databind.cfg.CoercionAction;
import tools.jackson.databind.cfg.CoercionInputShape;
import tools.jackson.databind.cfg.MapperConfig;
import tools.jackson.databind.deser.ValueDeserializerModifier;
import tools.jackson.databind.deser.std.StdScalarDeserializer;
import tools.jackson.databind.introspect.Annotated;
import tools.jackson.databind.introspect.AnnotatedParameter;
import tools.jackson.databind.introspect.JacksonAnnotationIntrospector;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.module.SimpleModule;
import tools.jackson.databind.type.LogicalType;
import tools.jackson.module.blackbird.BlackbirdModule;

/**
 * JSON as the ledger speaks it. A request says exactly what it means or is refused: nothing unknown, doubled, missing, converted
 * or rounded. What a record may leave out is what it declares {@code @Nullable}; no other annotation is needed.
 */
final class StrictJson {

    // Answers and events nest what was sent a little deeper, and must not exceed the writer's own bound of 500.
    private static final int DEEPEST = 100;

    private StrictJson() {}

    static JsonMapper mapper() {
        JsonFactory factory = JsonFactory.builder()
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                .streamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNumberLength(100)
                        .build())
                .build();
        return JsonMapper.builder(factory)
                .annotationIntrospector(new Nullness())
                .enable(
                        DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
                        DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES,
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT)
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .withCoercionConfigDefaults(
                        refused -> refused.setCoercion(CoercionInputShape.EmptyString, CoercionAction.Fail))
                .withCoercionConfig(
                        LogicalType.Textual,
                        refused -> refused.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .addModules(scalars(), new BlackbirdModule())
                .build();
    }

    private static SimpleModule scalars() {
        SimpleModule module = new SimpleModule("scalars");
        Scalar.ALL.forEach(scalar -> register(module, scalar));
        module.setDeserializerModifier(new ValueDeserializerModifier() {
            @Override
            @SuppressWarnings({"unchecked", "rawtypes"
            }) // an enum's class is its own bound, which a wildcard cannot say
            public ValueDeserializer<?> modifyEnumDeserializer(
                    DeserializationConfig config,
                    JavaType type,
                    BeanDescription.Supplier description,
                    ValueDeserializer<?> usual) {
                return new TextDeserializer<>(Scalar.of((Class) type.getRawClass()));
            }
        });
        return module;
    }

    private static <T> void register(SimpleModule module, Scalar<T> scalar) {
        module.addDeserializer(scalar.type(), new TextDeserializer<>(scalar));
    }

    private static final class TextDeserializer<T> extends StdScalarDeserializer<T> {

        private final transient Scalar<T> scalar;

        TextDeserializer(Scalar<T> scalar) {
            super(scalar.type());
            this.scalar = scalar;
        }

        @Override
        public T deserialize(JsonParser parser, DeserializationContext context) {
            if (!parser.hasToken(JsonToken.VALUE_STRING)) {
                throw new IllegalArgumentException(scalar.expected());
            }
            return scalar.convert(parser.getString());
        }
    }

    /** Refuses null, or nothing at all, for a component of a {@code @NullMarked} record that is not {@code @Nullable}. */
    private static final class Nullness extends JacksonAnnotationIntrospector {

        @Override
        public JsonSetter.Value findSetterInfo(MapperConfig<?> config, Annotated annotated) {
            RecordComponent component =
                    annotated instanceof AnnotatedParameter parameter ? componentOf(parameter) : null;
            return component == null
                    ? super.findSetterInfo(config, annotated)
                    : JsonSetter.Value.construct(
                            nulls(component.getAnnotatedType()), contentNulls(component.getAnnotatedType()));
        }

        private static @Nullable RecordComponent componentOf(AnnotatedParameter parameter) {
            Class<?> owner = parameter.getDeclaringClass();
            return owner.isRecord() && owner.getPackage().isAnnotationPresent(NullMarked.class)
                    ? owner.getRecordComponents()[parameter.getIndex()]
                    : null;
        }

        private static @Nullable Nulls contentNulls(AnnotatedType type) {
            if (type instanceof AnnotatedParameterizedType generic) {
                AnnotatedType[] arguments = generic.getAnnotatedActualTypeArguments();
                return nulls(arguments[arguments.length - 1]);
            }
            return null;
        }

        private static @Nullable Nulls nulls(AnnotatedType type) {
            return type.isAnnotationPresent(Nullable.class) ? null : Nulls.FAIL;
        }
    }
}
