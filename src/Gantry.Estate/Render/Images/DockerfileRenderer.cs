using System.Text;
using Gantry.Estate.Methods;

namespace Gantry.Estate.Render.Images;

/// <summary>A Dockerfile that puts the agent into the program's image: for where neither the host nor the task or pod can bring it.</summary>
public static class DockerfileRenderer
{
    /// <param name="image">The program's image; "" leaves it to the build's argument APP_IMAGE.</param>
    public static Rendering Render(RenderOptions options, string image = "")
    {
        var log = new RenderLog();
        var known = ImageTraits.OfName(image);
        var libc = known?.Libc ?? options.Libc;
        var language = options.Language;
        foreach (var (name, text) in new[] { ("--image", image), ("--agent-image", options.AgentImage), ("--service", options.Service), ("--endpoint", options.Endpoint) })
        {
            // A line end would begin an instruction of its own.
            if (text.Any(char.IsControl) || (name.EndsWith("image", StringComparison.Ordinal) && text.Contains(' ')))
            {
                log.Problem($"{name} has a blank or a control character in it, which no Dockerfile can hold there.");
                return log.Done(() => "");
            }
        }

        if (known?.IsStatic == true)
        {
            log.Problem($"{image} has no C library and no loader: what runs in it is linked statically, and nothing can be loaded into it. {Outside(language)}");
            return log.Done(() => "");
        }

        if (LanguageAgent.Of(language) is null && language.Id is not ("ruby" or "php"))
        {
            log.Problem($"There is no agent for {language.Title} that an image could hold. {Outside(language)}");
            return log.Done(() => "");
        }

        return Write(options, image, libc, log);
    }

    private static Rendering Write(RenderOptions options, string image, string libc, RenderLog log)
    {
        var language = options.Language;
        var text = new StringBuilder();
        if (LanguageAgent.Of(language) is { } agent)
        {
            WriteCopy(text, agent, options, image, libc);
            if (agent.MindsLibc)
            {
                log.Note($"The agent's files are those for {libc}; with them an image on {(libc == "musl" ? "Debian or Red Hat" : "Alpine")} loads nothing.");
            }

            log.Note("Nothing is run while it is built, so it works for distroless images too, which have no shell.");
        }
        else if (language.Id == "ruby")
        {
            WriteRuby(text, image);
            log.Note("The gem is at its first versions; try it on one service. Its build needs RubyGems, and a shell in the image.");
        }
        else
        {
            WritePhp(text, image, libc);
            log.Note($"Put the distro's {(libc == "musl" ? "apk" : "deb")} for this PHP beside the Dockerfile as {PhpPackage(libc)}; its pages say which builds of PHP it fits.");
        }

        WriteIdentity(text, options);
        log.Note("A new version of the agent is a new image. Identity belongs where the container is started: OTEL_SERVICE_NAME in the task or pod, not here, unless the image is one service only.");
        log.Note("An image that was built from scratch, or a program that is linked statically, loads none of this.");
        return log.Done(text.ToString);
    }

    private static string Outside(MethodLanguage language) => language.Id == "go"
        ? "Look at it from outside with OBI, or build it again with otelc."
        : "Look at it from outside with OBI, or put the OpenTelemetry SDK into its code.";

    private static void WriteCopy(StringBuilder text, LanguageAgent agent, RenderOptions options, string image, string libc)
    {
        Begin(text, image, options.AgentImage.Length > 0 ? options.AgentImage : agent.Image);
        text.Append($"COPY --from=agent {agent.FromFor(libc)} {agent.To}\n");
        foreach (var variable in agent.Variables(libc, options.Architecture.Length > 0 ? options.Architecture : "x64"))
        {
            text.Append($"ENV {variable.Name}=\"{WithImages(variable)}\"\n");
        }
    }

    /// <summary>What the program's image has in the variable already stays: the builder puts it in.</summary>
    private static string WithImages(AgentVariable variable)
    {
        if (variable.Separator.Length == 0)
        {
            return variable.Value;
        }

        var there = variable.Before.Length > 0 ? $"${{{variable.Name}:+{variable.Separator}${variable.Name}}}{variable.Separator}" : $"${{{variable.Name}:+${variable.Name}{variable.Separator}}}";
        return variable.Before + there + variable.After;
    }

    private static void WriteRuby(StringBuilder text, string image)
    {
        Begin(text, image, null);
        text.Append($"RUN gem install opentelemetry-auto-instrumentation --version {RenderDefaults.RubyGem} --no-document\n");
        text.Append("ENV RUBYOPT=\"${RUBYOPT:+$RUBYOPT }-r opentelemetry-auto-instrumentation\"\n");
    }

    private static void WritePhp(StringBuilder text, string image, string libc)
    {
        Begin(text, image, null);
        var package = PhpPackage(libc);
        text.Append($"COPY {package} /tmp/{package}\n");
        text.Append(libc == "musl"
            ? $"RUN apk add --no-cache --allow-untrusted /tmp/{package} && rm /tmp/{package}\n"
            : $"RUN dpkg --install /tmp/{package} && rm /tmp/{package}\n");
    }

    private static string PhpPackage(string libc) => libc == "musl" ? "opentelemetry-php-distro.apk" : "opentelemetry-php-distro.deb";

    /// <param name="agent">Null: the agent comes from no image.</param>
    private static void Begin(StringBuilder text, string image, string? agent)
    {
        text.Append($"ARG APP_IMAGE{(image.Length > 0 ? "=" + image : "")}\n");
        if (agent is not null)
        {
            text.Append($"FROM {agent} AS agent\n");
        }

        text.Append("FROM ${APP_IMAGE}\n");
    }

    private static void WriteIdentity(StringBuilder text, RenderOptions options)
    {
        foreach (var (name, value) in new[]
        {
            (IdentityVariables.ServiceName, options.Service), (IdentityVariables.Attributes, IdentityVariables.Encode(options.Attributes)), (IdentityVariables.Endpoint, options.Endpoint),
        }.Where(pair => pair.Item2.Length > 0))
        {
            text.Append($"ENV {name}=\"{value.Replace("\\", @"\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("$", "\\$", StringComparison.Ordinal)}\"\n");
        }

        if (options.Endpoint.Length > 0)
        {
            text.Append($"ENV {IdentityVariables.Protocol}=\"http/protobuf\"\n");
        }
    }
}
