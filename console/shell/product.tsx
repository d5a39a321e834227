/** The product's mark and name: the way to the start. */
export function Product() {
  return (
    <a href="/" class="product">
      <svg class="product-mark" viewBox="0 0 32 32" aria-hidden="true">
        <rect width="32" height="32" rx="8" fill="currentColor" />
        <path d="M14.4 6h3.2v5h-3.2zM7 13h18v3H17.6v10h-3.2V16H7z" />
      </svg>
      <span class="product-name">Tenantry</span>
    </a>
  );
}
