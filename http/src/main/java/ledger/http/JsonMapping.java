package ledger.http;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.webmvc.error.ErrorController;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.RequestMappingInfo;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;

/**
 * Endpoints that do not say what they answer answer JSON: whoever accepts none is told so before anything is done for it, and what is
 * answered is called JSON whatever else would be accepted.
 */
final class JsonMapping extends RequestMappingHandlerMapping {

    @Override
    protected @Nullable RequestMappingInfo getMappingForMethod(Method method, Class<?> type) {
        RequestMappingInfo info = super.getMappingForMethod(method, type);
        if (info == null
                || !info.getProducesCondition().isEmpty()
                || !type.getName().startsWith("ledger.")
                || ErrorController.class.isAssignableFrom(type)) {
            return info;
        }
        return info.mutate().produces(MediaType.APPLICATION_JSON_VALUE).build();
    }
}
