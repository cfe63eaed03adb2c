using System.Collections.Frozen;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Http;

namespace Gantry.Hub.Ui;

/// <summary>
/// Style, script and icon, embedded in the assembly. The URL carries a hash of the content, so a browser may keep each for a year, and a hub
/// of another version never gets the wrong one.
/// </summary>
internal static class UiAssets
{
    private static readonly string[] Sheets = ["base.css", "layout.css", "tables.css", "ladder.css", "charts.css", "edges.css", "journeys.css", "fleet.css"];

    private static readonly FrozenDictionary<string, Asset> ByName = Load();

    public static string Style { get; } = Find("gantry", ".css");

    public static string Script { get; } = Find("gantry", ".js");

    public static string Icon { get; } = Find("crane", ".svg");

    public static async Task ServeAsync(HttpContext context)
    {
        if (context.Request.RouteValues["name"] is not string name || !ByName.TryGetValue(name, out var asset))
        {
            // A page of an older hub asks for an asset that this one does not have: not found is right, and must not be kept.
            context.Response.StatusCode = StatusCodes.Status404NotFound;
            context.Response.Headers.CacheControl = "no-store";
            return;
        }

        var headers = context.Response.Headers;
        headers.ETag = asset.Tag;
        headers.CacheControl = "public, max-age=31536000, immutable";
        if (context.Request.Headers.IfNoneMatch.Contains(asset.Tag))
        {
            context.Response.StatusCode = StatusCodes.Status304NotModified;
            return;
        }

        context.Response.ContentType = asset.Type;
        context.Response.ContentLength = asset.Bytes.Length;
        if (!HttpMethods.IsHead(context.Request.Method))
        {
            await context.Response.Body.WriteAsync(asset.Bytes, context.RequestAborted);
        }
    }

    private static FrozenDictionary<string, Asset> Load()
    {
        Asset[] assets =
        [
            Asset.Of("gantry", ".css", "text/css; charset=utf-8", [.. Sheets.SelectMany(Read)]),
            Asset.Of("gantry", ".js", "text/javascript; charset=utf-8", Read("gantry.js")),
            Asset.Of("crane", ".svg", "image/svg+xml", Read("crane.svg")),
        ];
        return assets.ToFrozenDictionary(static asset => asset.Name);
    }

    private static string Find(string stem, string extension) =>
        Links.Asset(ByName.Keys.Single(name => name.StartsWith(stem, StringComparison.Ordinal) && name.EndsWith(extension, StringComparison.Ordinal)));

    private static byte[] Read(string file)
    {
        using var stream = typeof(UiAssets).Assembly.GetManifestResourceStream("Gantry.Ui." + file)
            ?? throw new InvalidOperationException($"The UI asset {file} is not embedded in this assembly; see Gantry.Hub.csproj.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        return bytes;
    }

    private sealed record Asset(string Name, string Type, string Tag, byte[] Bytes)
    {
        public static Asset Of(string stem, string extension, string type, byte[] bytes)
        {
            var hash = Convert.ToHexStringLower(SHA256.HashData(bytes))[..16];
            return new Asset($"{stem}.{hash}{extension}", type, $"\"{hash}\"", bytes);
        }
    }
}
