using System.Globalization;
using Microsoft.AspNetCore.Http;

namespace Gantry.Gateway.Receive.Access;

/// <summary>
/// Lets web pages of named origins send (https://fetch.spec.whatwg.org/#http-cors-protocol). A page's request with our content types is always
/// preceded by a preflight, so who is not named cannot send; "*" alone is not to be had, because credentials go along.
/// </summary>
internal sealed class Cors(ReceiveOptions options)
{
    private readonly string _headers = string.Join(", ", options.CorsHeaders);
    private readonly string _maxAge = ((long)options.CorsMaxAge.TotalSeconds).ToString(CultureInfo.InvariantCulture);

    public static IEnumerable<string> Check(ReceiveOptions options)
    {
        foreach (var origin in options.CorsOrigins)
        {
            if (!IsPattern(origin))
            {
                yield return $"--cors-origin {origin}: expected a scheme and a host, such as https://shop.example or https://*.shop.example:8443; "
                    + "* stands for any subdomains, and not for a whole origin";
            }
        }

        foreach (var header in options.CorsHeaders)
        {
            if (header.Length == 0 || header.Any(letter => !char.IsAsciiLetterOrDigit(letter) && letter != '-' && letter != '_'))
            {
                yield return $"--cors-header {header}: expected the name of a header, such as x-api-key";
            }
        }
    }

    /// <summary>Adds what lets the page read the answer, if its origin is named.</summary>
    /// <returns>False when there is an origin that is not.</returns>
    public bool Apply(HttpContext context)
    {
        var origin = context.Request.Headers.Origin.ToString();
        if (origin.Length == 0)
        {
            return true;
        }

        context.Response.Headers.Vary = "Origin";
        if (!options.CorsOrigins.Any(pattern => Matches(pattern, origin)))
        {
            return false;
        }

        context.Response.Headers.AccessControlAllowOrigin = origin;
        context.Response.Headers.AccessControlAllowCredentials = "true";
        context.Response.Headers.AccessControlExposeHeaders = "retry-after";
        return true;
    }

    /// <summary>A browser's question before it sends.</summary>
    public static bool IsPreflight(HttpRequest request) =>
        HttpMethods.IsOptions(request.Method) && request.Headers.Origin.Count > 0 && request.Headers.AccessControlRequestMethod.Count > 0;

    public void AnswerPreflight(HttpContext context)
    {
        if (!Apply(context))
        {
            context.Response.StatusCode = StatusCodes.Status403Forbidden;
            return;
        }

        context.Response.StatusCode = StatusCodes.Status204NoContent;
        context.Response.Headers.AccessControlAllowMethods = "POST";
        context.Response.Headers.AccessControlAllowHeaders = _headers;
        context.Response.Headers.AccessControlMaxAge = _maxAge;
    }

    /// <summary>"*" stands for one or more characters of a host name, so for any number of its labels.</summary>
    internal static bool Matches(string pattern, string origin)
    {
        var star = pattern.IndexOf('*', StringComparison.Ordinal);
        if (star < 0)
        {
            return string.Equals(pattern, origin, StringComparison.OrdinalIgnoreCase);
        }

        var tail = pattern.AsSpan(star + 1);
        if (origin.Length <= pattern.Length - 1
            || !origin.StartsWith(pattern.AsSpan(0, star).ToString(), StringComparison.OrdinalIgnoreCase)
            || !origin.AsSpan().EndsWith(tail, StringComparison.OrdinalIgnoreCase))
        {
            return false;
        }

        foreach (var letter in origin.AsSpan(star, origin.Length - star - tail.Length))
        {
            if (!char.IsAsciiLetterOrDigit(letter) && letter is not ('-' or '.'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>scheme://host[:port], with at most one "*", which is the first label and has a name behind it.</summary>
    private static bool IsPattern(string origin)
    {
        var star = origin.IndexOf("://*.", StringComparison.Ordinal);
        var plain = star < 0 ? origin : string.Concat(origin.AsSpan(0, star + 3), origin.AsSpan(star + 5));
        return !plain.Contains('*', StringComparison.Ordinal)
            && Uri.TryCreate(plain, UriKind.Absolute, out var uri)
            && uri.Scheme is "http" or "https"
            && string.Equals(uri.GetLeftPart(UriPartial.Authority), plain, StringComparison.OrdinalIgnoreCase)
            && uri.UserInfo.Length == 0;
    }
}
