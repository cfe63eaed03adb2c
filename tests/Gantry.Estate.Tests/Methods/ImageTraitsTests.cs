using Gantry.Estate.Methods;

namespace Gantry.Estate.Tests.Methods;

public class ImageTraitsTests
{
    [Theory]
    [InlineData("node:20.11-alpine", "nodejs", "20.11", "musl")]
    [InlineData("docker.io/library/python:3.12.1-slim", "python", "3.12.1", "glibc")]
    [InlineData("mcr.microsoft.com/dotnet/aspnet:8.0", "dotnet", "8.0", "glibc")]
    [InlineData("mcr.microsoft.com/dotnet/runtime-deps:10.0-alpine", "dotnet-native", "10.0", "musl")]
    [InlineData("eclipse-temurin:21-jre@sha256:00", "java", "21", "glibc")]
    [InlineData("gcr.io/distroless/java17-debian12", "java", "17", "glibc")]
    [InlineData("alpine:3.20", null, "", "musl")]
    public void A_name_tells(string image, string? language, string version, string libc)
    {
        var traits = ImageTraits.OfName(image);

        Assert.Equal((language, version, libc), (traits?.Language?.Id, traits?.Version, traits?.Libc));
    }

    [Theory]
    [InlineData("registry.example/shop/orders:1.4.2")]
    [InlineData("vendor/sdk:8")]
    [InlineData("")]
    public void A_name_tells_nothing(string image) => Assert.Null(ImageTraits.OfName(image));

    [Fact]
    public void A_dockerfile_is_its_last_stage()
    {
        var traits = ImageTraits.OfDockerfile("""
            ARG NODE=20.11
            FROM golang:1.25 AS build
            FROM --platform=linux/amd64 node:${NODE}-alpine AS base
            RUN npm ci
            from base as final
            COPY --from=build /x /x
            """);

        Assert.Equal(("nodejs", "20.11", "musl", "FROM node:20.11-alpine of the Dockerfile"), (traits?.Language?.Id, traits?.Version, traits?.Libc, traits?.Because));
    }

    [Theory]
    [InlineData("""[{"Architecture":"arm64","Config":{"Env":["PATH=/usr/bin","JAVA_VERSION=jdk-17.0.9+9"]}}]""", "java", "17.0.9", "arm64")]
    [InlineData("""{"Architecture":"amd64","Config":{"Env":["NODE_VERSION=20.11.1"]}}""", "nodejs", "20.11.1", "x64")]
    [InlineData("""{"Config":{"Env":["DOTNET_VERSION=8.0.1"]}}""", "dotnet", "8.0.1", null)]
    public void What_inspect_says_tells(string json, string language, string version, string? architecture)
    {
        var traits = ImageTraits.OfInspect(json);

        Assert.Equal((language, version, architecture), (traits?.Language?.Id, traits?.Version, traits?.Architecture));
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("3")]
    [InlineData("""[{"Config":null}]""")]
    [InlineData("""[{"Config":{"Env":[1,"X"]}}]""")]
    public void What_inspect_does_not_say_tells_nothing(string json) => Assert.Null(ImageTraits.OfInspect(json));
}
