using System.Formats.Asn1;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace Gantry.Hub.Fleet.Certificates;

/// <summary>A stranger's signing request (PKCS #10 in PEM), checked. What it asks for in extensions is not copied: the hub decides what its certificates say.</summary>
/// <param name="PublicKey">SHA-256 of the subject public key info, hexadecimal.</param>
internal sealed record SigningRequest(PublicKey Key, string PublicKey)
{
    public const int MostBytes = 16 * 1024;

    private const string Rsa = "1.2.840.113549.1.1.1";
    private const string Ec = "1.2.840.10045.2.1";
    private const string AlternativeName = "2.5.29.17";
    private const string Prefix = "urn:uuid:";

    // secp256r1, secp384r1, secp521r1.
    private static readonly HashSet<string> Curves = ["1.2.840.10045.3.1.7", "1.3.132.0.34", "1.3.132.0.35"];

    private static readonly Asn1Tag DnsName = new(TagClass.ContextSpecific, 2);
    private static readonly Asn1Tag UriName = new(TagClass.ContextSpecific, 6);

    /// <returns>Null, and why not: what is wrong with the request, for whoever made it.</returns>
    public static SigningRequest? Read(byte[] pem, Guid uid, out string problem)
    {
        if (pem.Length is 0 or > MostBytes)
        {
            problem = $"the signing request has {pem.Length} bytes: expected PEM of at most {MostBytes}";
            return null;
        }

        CertificateRequest request;
        try
        {
            // Checks the signature too: whoever asks has the key. Extensions are loaded to be looked at.
            request = CertificateRequest.LoadSigningRequestPem(Encoding.UTF8.GetString(pem), HashAlgorithmName.SHA256, CertificateRequestLoadOptions.UnsafeLoadCertificateExtensions);
            problem = KeyProblem(request.PublicKey);
            var other = UidsOf(request).FirstOrDefault(named => named != uid);
            problem = problem.Length > 0 ? problem : other == Guid.Empty ? "" : $"the signing request is for {other}, and the message is of {uid}";
        }
        catch (Exception exception) when (exception is CryptographicException or ArgumentException or NotSupportedException or AsnContentException)
        {
            problem = "the signing request is none: expected PKCS #10 in PEM, signed with its own key";
            return null;
        }

        return problem.Length > 0 ? null : new SigningRequest(request.PublicKey, Convert.ToHexStringLower(SHA256.HashData(request.PublicKey.ExportSubjectPublicKeyInfo())));
    }

    private static string KeyProblem(PublicKey key)
    {
        switch (key.Oid.Value)
        {
            case Rsa:
                using (var rsa = key.GetRSAPublicKey()!)
                {
                    return rsa.KeySize is >= 2048 and <= 8192 ? "" : $"an RSA key of {rsa.KeySize} bits: expected 2048 to 8192, or a key on P-256, P-384 or P-521";
                }

            case Ec:
                using (var ec = key.GetECDsaPublicKey()!)
                {
                    return Curves.Contains(ec.ExportParameters(includePrivateParameters: false).Curve.Oid?.Value ?? "") ? "" : "a key on another curve: expected P-256, P-384 or P-521";
                }

            default:
                return $"a key of algorithm {key.Oid.Value}: expected RSA, or EC on P-256, P-384 or P-521";
        }
    }

    /// <summary>Every UUID that the request calls itself by, in its common name or its alternative names.</summary>
    private static IEnumerable<Guid> UidsOf(CertificateRequest request)
    {
        var names = request.SubjectName.EnumerateRelativeDistinguishedNames().Where(part => !part.HasMultipleElements && part.GetSingleElementType().Value == "2.5.4.3")
            .Select(part => part.GetSingleElementValue() ?? "");
        foreach (var name in names.Concat(request.CertificateExtensions.Where(extension => extension.Oid?.Value == AlternativeName).SelectMany(extension => NamesOf(extension.RawData))))
        {
            if (Guid.TryParse(name.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase) ? name[Prefix.Length..] : name, out var uid))
            {
                yield return uid;
            }
        }
    }

    private static List<string> NamesOf(byte[] alternativeNames)
    {
        var names = new List<string>();
        var reader = new AsnReader(alternativeNames, AsnEncodingRules.DER).ReadSequence();
        while (reader.HasData)
        {
            var tag = reader.PeekTag();
            if (tag == DnsName || tag == UriName)
            {
                names.Add(reader.ReadCharacterString(UniversalTagNumber.IA5String, tag));
            }
            else
            {
                reader.ReadEncodedValue();
            }
        }

        return names;
    }
}
