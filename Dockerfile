# Both sides' images: docker build --target command-side . (or query-side)
FROM eclipse-temurin:25-jdk AS build
WORKDIR /src
COPY . .
RUN --mount=type=cache,target=/maven ./mvnw -q -Dmaven.repo.local=/maven -DskipTests -pl command-side,query-side -am \
    package dependency:copy-dependencies -DincludeScope=runtime -DoutputDirectory=target/lib

FROM eclipse-temurin:25-jre AS run
RUN useradd --system --uid 10001 ledger && install -d -o ledger /seal
USER 10001
WORKDIR /ledger
EXPOSE 8080
ENV LEDGER_ADDRESS=0.0.0.0
# the image has neither curl nor wget
HEALTHCHECK --interval=5s --timeout=3s --start-period=5m CMD ["bash", "-c", "exec 3<>/dev/tcp/127.0.0.1/${LEDGER_MANAGEMENT_PORT:-${LEDGER_PORT:-8080}} && printf 'GET /actuator/health/readiness HTTP/1.0\\r\\n\\r\\n' >&3 && head -n 1 <&3 | grep -q ' 200'"]

FROM run AS command-side
COPY --from=build /src/command-side/target/lib lib
# not the jar of the tests
COPY --from=build /src/command-side/target/command-side-*[^s].jar lib/
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+UseParallelGC", "-Daxoniq.update-checker.disabled=true", "-cp", "lib/*", "ledger.command.CommandSide"]

FROM run AS query-side
COPY --from=build /src/query-side/target/lib lib
COPY --from=build /src/query-side/target/query-side-*[^s].jar lib/
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+UseParallelGC", "-Daxoniq.update-checker.disabled=true", "-cp", "lib/*", "ledger.query.QuerySide"]
