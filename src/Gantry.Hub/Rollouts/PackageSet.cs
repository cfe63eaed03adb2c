using System.Security.Cryptography;
using System.Text;
using Gantry.Estate.Packages;
using Gantry.Protocol.OpAmp;
using Gantry.Protocol.Wire;

namespace Gantry.Hub.Rollouts;

/// <summary>All packages that an agent should have, for an agent deletes what an offer leaves out. Agents with the same ones share it.</summary>
/// <param name="Hash">The same for the same packages, in whatever order they were declared.</param>
/// <param name="Wire">A PackagesAvailable.</param>
internal sealed record PackageSet(byte[] Hash, byte[] Wire)
{
    public static PackageSet Of(IEnumerable<Package> packages)
    {
        var offer = new PackagesAvailable();
        foreach (var package in packages.OrderBy(package => package.Name, StringComparer.Ordinal))
        {
            offer.Packages.Add(new MapEntry<PackageAvailable>(package.Name, new PackageAvailable
            {
                Type = package.IsAddon ? PackageType.Addon : PackageType.TopLevel,
                Version = package.Version,
                File = new DownloadableFile { Url = package.Url, ContentHash = package.Sha256, Signature = package.Signature },
                Hash = HashOf(package),
            }));
        }

        offer.AllHash = SHA256.HashData([.. offer.Packages.SelectMany(entry => SHA256.HashData(Encoding.UTF8.GetBytes(entry.Name)).Concat(entry.Value.Hash))]);
        return new PackageSet(offer.AllHash, offer.ToArray());
    }

    /// <summary>With the place of the file too: an agent that could not get it from one is offered it from another.</summary>
    private static byte[] HashOf(Package package) =>
        SHA256.HashData([package.IsAddon ? (byte)1 : (byte)0, .. package.Sha256, .. SHA256.HashData(package.Signature), .. SHA256.HashData(Encoding.UTF8.GetBytes(package.Url)), .. Encoding.UTF8.GetBytes(package.Version)]);
}
