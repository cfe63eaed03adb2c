using Microsoft.AspNetCore.Http;

namespace Gantry.Hub.Ui;

/// <summary>
/// On every response of the UI. Names of services and attributes of agents come from whoever can send telemetry: Razor encodes them, and should
/// that ever fail, this policy leaves an injected script nothing to run and nowhere to send.
/// </summary>
internal static class SecurityHeaders
{
    public const string Policy =
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

    public static void Apply(IHeaderDictionary headers)
    {
        headers.ContentSecurityPolicy = Policy;
        headers.XContentTypeOptions = "nosniff";
        // Nothing to other sites. Not "no-referrer": browsers then say "Origin: null" with our own forms too, which is how a foreign page looks.
        headers["Referrer-Policy"] = "same-origin";
        headers["Cross-Origin-Opener-Policy"] = "same-origin";
    }
}
