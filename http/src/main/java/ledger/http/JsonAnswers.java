package ledger.http;

import java.io.IOException;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.core.ResolvableType;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpOutputMessage;
import org.springframework.http.MediaType;
import org.springframework.http.converter.HttpMessageNotWritableException;
import org.springframework.http.converter.json.JacksonJsonHttpMessageConverter;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * Reads and writes bodies as JSON. An answer is written whole, with its length before it: in chunks of unknown number it would be two
 * packets, of which the second says that there is no more.
 */
final class JsonAnswers extends JacksonJsonHttpMessageConverter {

    JsonAnswers(JsonMapper mapper) {
        super(mapper);
    }

    @Override
    public boolean canWrite(ResolvableType type, Class<?> body, @Nullable MediaType accepted) {
        return super.canWrite(type, body, plain(accepted));
    }

    @Override
    protected void addDefaultHeaders(HttpHeaders headers, Object body, @Nullable MediaType accepted)
            throws IOException {
        super.addDefaultHeaders(headers, body, plain(accepted));
    }

    /** JSON has no parameters: with whichever a client accepts it, it is written in the one way that there is. */
    private static @Nullable MediaType plain(@Nullable MediaType accepted) {
        return accepted != null && accepted.equalsTypeAndSubtype(MediaType.APPLICATION_JSON)
                ? MediaType.APPLICATION_JSON
                : accepted;
    }

    @Override
    protected void writeInternal(
            Object body, @Nullable ResolvableType type, HttpOutputMessage answer, @Nullable Map<String, Object> hints)
            throws IOException {
        byte[] json = body instanceof StoredAnswer stored ? stored.json() : written(body);
        answer.getHeaders().setContentLength(json.length);
        answer.getBody().write(json);
    }

    private byte[] written(Object body) {
        try {
            return getMapper().writeValueAsBytes(body);
        } catch (JacksonException e) {
            throw new HttpMessageNotWritableException("an answer cannot be written", e);
        }
    }
}
