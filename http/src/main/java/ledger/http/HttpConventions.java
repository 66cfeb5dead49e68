package ledger.http;

import java.util.List;
import org.apache.catalina.core.StandardHost;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.ConfigurableTomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.webmvc.autoconfigure.WebMvcRegistrations;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.annotation.Import;
import org.springframework.context.annotation.PropertySource;
import org.springframework.core.convert.ConversionService;
import org.springframework.format.FormatterRegistry;
import org.springframework.http.converter.ByteArrayHttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverter;
import org.springframework.http.converter.HttpMessageConverters;
import org.springframework.http.converter.ResourceHttpMessageConverter;
import org.springframework.http.converter.StringHttpMessageConverter;
import org.springframework.web.bind.WebDataBinder;
import org.springframework.web.bind.support.ConfigurableWebBindingInitializer;
import org.springframework.web.method.support.HandlerMethodArgumentResolver;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;
import org.springframework.web.servlet.mvc.method.annotation.RequestMappingHandlerMapping;
import org.springframework.web.servlet.support.ExtendedServletRequestDataBinder;
import tools.jackson.databind.json.JsonMapper;

/** The conventions of api.md for all endpoints. Each side imports it; where both live in one context, it is there once. */
@Configuration(proxyBeanMethods = false)
@Import({
    DeclaredParameters.class,
    Problems.class,
    RequestFilter.class,
    RequestMeter.class,
    Tracing.class,
    OpenApi.class,
    Security.class
})
@EnableConfigurationProperties(Drain.Setting.class)
@PropertySource("classpath:ledger/http/http.properties")
public class HttpConventions implements WebMvcConfigurer {

    private final DeclaredParameters declaredParameters;
    private final JsonMapper mapper;

    HttpConventions(DeclaredParameters declaredParameters, JsonMapper mapper) {
        this.declaredParameters = declaredParameters;
        this.mapper = mapper;
    }

    @Bean
    static Drain drain(Drain.Setting setting) {
        return new Drain(setting);
    }

    @Bean
    static WebMvcRegistrations mappings() {
        return new WebMvcRegistrations() {
            @Override
            public RequestMappingHandlerMapping getRequestMappingHandlerMapping() {
                return new Endpoints();
            }
        };
    }

    /** Spring would also take a record's components from request headers of their names. */
    @Bean
    static ConfigurableWebBindingInitializer nothingFromHeaders(
            @Qualifier("mvcConversionService") ConversionService conversions) {
        ConfigurableWebBindingInitializer binders = new ConfigurableWebBindingInitializer() {
            @Override
            public void initBinder(WebDataBinder binder) {
                super.initBinder(binder);
                if (binder instanceof ExtendedServletRequestDataBinder parameters) {
                    parameters.setHeaderPredicate(_ -> false);
                }
            }
        };
        binders.setConversionService(conversions);
        return binders;
    }

    @Bean
    static JsonMapper strictJson() {
        return StrictJson.mapper();
    }

    @Bean
    static WebServerFactoryCustomizer<ConfigurableTomcatWebServerFactory> plainErrors() {
        return server -> server.addContextCustomizers(context -> {
            if (context.getParent() instanceof StandardHost host) {
                host.setErrorReportValveClass(PlainErrorValve.class.getName());
            }
        });
    }

    @Override
    public void configureMessageConverters(HttpMessageConverters.ServerBuilder converters) {
        converters
                .withJsonConverter(new JsonAnswers(mapper))
                .configureMessageConvertersList(all -> all.removeIf(one -> !isSpoken(one)));
    }

    /** Ours, and what is read and written as it is. With whatever else a library brings along, YAML say, bodies would be read by laxer rules. */
    private static boolean isSpoken(HttpMessageConverter<?> converter) {
        return converter.getClass().getName().startsWith("ledger.")
                || converter instanceof StringHttpMessageConverter
                || converter instanceof ByteArrayHttpMessageConverter
                || converter instanceof ResourceHttpMessageConverter;
    }

    @Override
    public void addArgumentResolvers(List<HandlerMethodArgumentResolver> resolvers) {
        resolvers.add(new Caller.Resolver());
        resolvers.add(new IdempotencyKey.Resolver());
    }

    @Override
    public void addInterceptors(InterceptorRegistry interceptors) {
        interceptors.addInterceptor(new Admission());
        interceptors.addInterceptor(declaredParameters).addPathPatterns("/v1/**");
        interceptors.addInterceptor(new IdempotencyKey.Form()).addPathPatterns("/v1/**");
        interceptors.addInterceptor(new UnaskedBodies(mapper)).addPathPatterns("/v1/**");
    }

    @Override
    public void addFormatters(FormatterRegistry formatters) {
        Scalar.ALL.forEach(scalar -> scalar.addTo(formatters));
        formatters.addConverterFactory(new Scalar.OfEnums());
    }
}
