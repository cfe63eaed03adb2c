using Gantry.Estate.Methods;

namespace Gantry.Cli.Methods;

/// <summary>What the user names an image by.</summary>
internal static class ImageFiles
{
    /// <returns>Null where no image is named.</returns>
    /// <exception cref="CommandFailure">A file cannot be read, or tells nothing.</exception>
    public static async Task<ImageTraits?> TraitsAsync(string? image, string? dockerfile, string? inspect, CancellationToken cancellation)
    {
        if (new[] { image, dockerfile, inspect }.Count(given => given is not null) > 1)
        {
            throw new CommandFailure("--image, --dockerfile and --inspect name one image each; give one of them");
        }

        if (dockerfile is not null)
        {
            return ImageTraits.OfDockerfile(await TextFile.ReadAsync("--dockerfile", dockerfile, cancellation)) ?? Unknown($"FROM of {dockerfile}");
        }

        if (inspect is not null)
        {
            return ImageTraits.OfInspect(await TextFile.ReadAsync("--inspect", inspect, cancellation)) ?? Unknown(inspect);
        }

        return image is null ? null : ImageTraits.OfName(image) ?? Unknown($"the name {image}");
    }

    /// <summary>The language may be given beside it.</summary>
    private static ImageTraits Unknown(string because) => new(null, "", null, null, null, because);
}
