FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN CGO_ENABLED=0 go build -trimpath -ldflags='-s -w' -o /homeline ./cmd/homeline \
 && mkdir /data

# Nothing but the binary, the roots of trust for mail providers, and a folder
# that its user may write to. Time zones are compiled in.
FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /homeline /homeline
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
VOLUME /data
ENV HOMELINE_DATA=/data HOMELINE_LISTEN=:8080
EXPOSE 8080
ENTRYPOINT ["/homeline"]
CMD ["serve"]
